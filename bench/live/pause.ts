import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Installation } from '../../scripts/installation/installation.ts'
import { median } from '../report/summary.ts'
import { startDeclared, startDomain, writerIn, type WatchedGuest } from './watched-guest.ts'

/** In milliseconds: how long the guest stood still, and how much of it was the last round of copying. */
interface Pause {
  readonly stood: number
  readonly lastRound: number
}

/** Points with memory of an emulated guest of 256 MiB that writes to two disks all the time. */
export async function measurePauses(folder: string, rounds: number): Promise<void> {
  for (const [way, start] of [
    ['QMP', startDeclared],
    ['libvirt', startDomain],
  ] as const)
    tell(way, await pausesOf(await start(await writerIn(path.join(folder, way))), rounds))
}

async function pausesOf(guest: WatchedGuest, rounds: number): Promise<Pause[]> {
  const { folder, agentArguments, watched } = guest
  try {
    const events = await Events.of(watched)
    const holdfast = await Installation.start({ folder, host: 'bench', agentArguments })
    try {
      await holdfast.startAgent()
      const found: Pause[] = []
      for (let round = 0; round < rounds; round++) {
        await holdfast.holdfast(['point', 'create', 'bench/web', '--memory'])
        found.push(await events.pause())
        process.stderr.write(`${JSON.stringify(found.at(-1))}\n`)
      }
      return found
    } finally {
      events.close()
      await holdfast.stop()
    }
  } finally {
    await guest.end()
  }
}

function tell(way: string, found: readonly Pause[]): void {
  const beyond = found.map(({ stood, lastRound }) => stood - lastRound)
  const all = beyond.map((ms) => ms.toFixed(0)).join(' ')
  process.stdout.write(
    `\nmemory point by ${way}: the guest stood still for ${median(found.map(({ stood }) => stood)).toFixed(0)} ms; ` +
      `beyond the last round **${median(beyond).toFixed(0)} ms** (${all}), must ≤ 100\n`,
  )
}

interface Message {
  readonly event?: string
  readonly timestamp?: { readonly seconds: number; readonly microseconds: number }
  readonly return?: { readonly downtime?: number }
}

/** What QEMU says at a monitor of our own, by its own clock. */
class Events {
  readonly #socket: Socket
  readonly #messages: Message[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    createInterface({ input: socket }).on('line', (line) => {
      this.#messages.push(JSON.parse(line) as Message)
      socket.emit('message')
    })
  }

  static async of(file: string): Promise<Events> {
    const socket = connect(file)
    await once(socket, 'connect')
    const events = new Events(socket)
    await events.#ask('qmp_capabilities')
    return events
  }

  /** Of the point that was just made. */
  async pause(): Promise<Pause> {
    const { downtime = 0 } = (await this.#ask('query-migrate')) ?? {}
    const at = (name: string) => {
      const found = this.#messages.findLast(({ event }) => event === name)?.timestamp
      if (!found) throw new Error(`QEMU told of no ${name}`)
      return found.seconds * 1000 + found.microseconds / 1000
    }
    return { stood: at('RESUME') - at('STOP'), lastRound: downtime }
  }

  close(): void {
    this.#socket.destroy()
  }

  async #ask(execute: string): Promise<Message['return']> {
    const from = this.#messages.length
    this.#socket.write(`${JSON.stringify({ execute })}\n`)
    for (;;) {
      const answer = this.#messages.slice(from).find((one) => one.return !== undefined)
      if (answer) return answer.return
      await once(this.#socket, 'message')
    }
  }
}

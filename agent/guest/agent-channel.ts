import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isQueueFull } from '../../core/runtime/queue-full.ts'
import type { Random } from '../../core/runtime/random.ts'
import { AgentLines, type AgentLine } from './agent-lines.ts'
import type { GuestAgent } from './guest-agent.ts'
import { GuestFailure } from './guest-failure.ts'

const CONNECT_MS = 2000
const AGAIN_MS = 50
const MARK = Buffer.from([0xff])

interface Answer {
  readonly return?: unknown
  readonly error?: { readonly class?: string; readonly desc?: string }
}

type Waiting = (line: AgentLine | Error) => void

/**
 * A guest agent at the other end of a virtual serial port. QEMU serves one client per socket; the
 * port itself knows of no connections, so that answers to a client before us may still come: each
 * call first synchronizes by a random number, and what comes before its echo is nobody's.
 */
export class AgentChannel implements GuestAgent {
  readonly #socket: Socket
  readonly #random: Random
  readonly #lines = new AgentLines()
  readonly #arrived: AgentLine[] = []
  #waiting: Waiting | undefined
  #ended: Error | undefined

  private constructor(socket: Socket, random: Random) {
    this.#socket = socket
    this.#random = random
    socket.on('data', (data: Buffer) => this.#take(data))
    socket.on('error', (error) => this.#end(error))
    socket.on('close', () => this.#end(new Error('the socket was closed')))
  }

  static async open(path: string, random: Random): Promise<AgentChannel> {
    return new AgentChannel(await connected(path), random)
  }

  /** Waits until the guest agent has answered, then asks. Answers from before are dropped. */
  async call(command: string, parameters: object, deadlineMs: number): Promise<unknown> {
    const end = performance.now() + deadlineMs
    await this.#synchronize(end)
    this.#send(command, parameters)
    return this.#answer(command, end)
  }

  /**
   * Asks without waiting for the synchronization: whatever the guest agent is busy with, or was sent
   * before, this comes right after it, even when nobody listens any more.
   */
  async callAfterAll(command: string, deadlineMs: number): Promise<unknown> {
    const end = performance.now() + deadlineMs
    const token = this.#sendToken()
    this.#send(command, {})
    await this.#echo(token, end)
    return this.#answer(command, end)
  }

  close(): void {
    this.#socket.destroy()
  }

  async #synchronize(end: number): Promise<void> {
    await this.#echo(this.#sendToken(), end)
  }

  #sendToken(): number {
    // Small enough for every JSON reader; never 0.
    const token = (this.#random.bytes(4).readUInt32BE() & 0x7fffffff) + 1
    this.#socket.write(MARK)
    this.#send('guest-sync-delimited', { id: token })
    return token
  }

  #send(command: string, parameters: object): void {
    if (this.#ended) throw silent('its socket is closed', this.#ended)
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`)
  }

  async #echo(token: number, end: number): Promise<void> {
    for (;;) {
      const line = await this.#next(end)
      if (line.isMarked && parse(line.text)?.return === token) return
    }
  }

  async #answer(command: string, end: number): Promise<unknown> {
    const { text } = await this.#next(end)
    const answer = parse(text)
    if (answer?.error) throw refusal(command, answer.error)
    if (!answer || !('return' in answer)) throw silent(`it answers ${command} with nonsense`)
    return answer.return
  }

  async #next(end: number): Promise<AgentLine> {
    const line = this.#arrived.shift() ?? (await this.#wait(end))
    if (line instanceof Error) throw silent(line.message, line)
    return line
  }

  #wait(end: number): Promise<AgentLine | Error> {
    if (this.#ended) return Promise.resolve(this.#ended)
    return new Promise((resolve) => {
      const late = setTimeout(
        () => this.#settle(new Error('it does not answer in time')),
        Math.max(0, end - performance.now()),
      )
      this.#waiting = (line) => {
        clearTimeout(late)
        resolve(line)
      }
    })
  }

  #take(data: Buffer): void {
    try {
      this.#arrived.push(...this.#lines.take(data))
    } catch (error) {
      this.#socket.destroy(error instanceof Error ? error : undefined)
      return
    }
    if (!this.#waiting) return
    const line = this.#arrived.shift()
    if (line) this.#settle(line)
  }

  #settle(line: AgentLine | Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(line)
  }

  #end(error: Error): void {
    this.#ended ??= error
    this.#settle(this.#ended)
  }
}

/** QEMU's queue for clients is short: while others stand in it, it is tried again. */
async function connected(path: string): Promise<Socket> {
  const end = performance.now() + CONNECT_MS
  for (;;) {
    try {
      return await connectOnce(path)
    } catch (error) {
      if (!isQueueFull(error)) throw absent(path, error)
      if (performance.now() >= end) throw silent('others have its channel', error)
      await sleep(AGAIN_MS)
    }
  }
}

async function connectOnce(path: string): Promise<Socket> {
  const socket = connect(path)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function absent(path: string, cause: unknown): GuestFailure {
  return new GuestFailure('not-installed', `the VM has no guest agent channel at ${path}`, cause)
}

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function silent(why: string, cause?: unknown): GuestFailure {
  return new GuestFailure('not-responding', `the guest agent does not respond: ${why}`, cause)
}

function refusal(
  command: string,
  { class: kind = '', desc = '' }: NonNullable<Answer['error']>,
): GuestFailure {
  const isDisabled = kind === 'CommandNotFound' || /disabled/i.test(desc)
  return isDisabled
    ? new GuestFailure('disabled', `the guest agent does not allow ${command}: ${desc}`)
    : new GuestFailure('refused', `the guest refused ${command}: ${desc || kind}`)
}

import { createConnection, type Socket } from 'node:net'
import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'
import { isQueueFull } from '../../core/runtime/queue-full.ts'
import { QmpRefusal, unreachable, type AskOptions, type Qmp, type QmpEvent } from './qmp.ts'

/** One answer may be long (all block nodes of a VM with many disks), but not without end. */
const LONGEST_LINE = 16 * 1024 * 1024
const ANSWER_MS = 30_000
const GREETING_MS = 5_000

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

const message = z.union([
  z.looseObject({ event: z.string(), data: z.record(z.string(), z.unknown()).default({}) }),
  z.looseObject({ return: z.unknown(), id: z.number() }),
  z.looseObject({
    error: z.object({ class: z.string(), desc: z.string() }),
    id: z.number().optional(),
  }),
  z.looseObject({ QMP: z.unknown() }),
])

/**
 * A connection to a QMP monitor of QEMU or of qemu-storage-daemon. Commands run side by side, each
 * with a deadline; a monitor that says what is no QMP ends the connection, and every wait with it.
 * A monitor's socket serves one client at a time: leases are had from `Monitors`.
 */
export class QmpClient implements Qmp {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(event: QmpEvent) => void>()
  readonly #ended: Promise<void>
  #commands: Promise<ReadonlySet<string>> | undefined
  #greeted: (() => void) | undefined
  #lastId = 0
  #rest: Buffer[] = []
  #restBytes = 0
  #end: HoldfastError | undefined

  private constructor(path: string) {
    const socket = createConnection({ path })
    this.#socket = socket
    socket.on('data', (part: Buffer) => {
      this.#take(part)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const isAbsent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
      this.#fail(isQueueFull(error) ? busy(path) : unreachable(error.message, isAbsent))
    })
    this.#ended = new Promise((resolve) => {
      socket.on('close', () => {
        this.#fail(unreachable('the monitor closed the connection'))
        resolve()
      })
    })
  }

  /** Waits for the greeting: a monitor that serves somebody else does not send one. */
  static async connect(path: string, signal?: AbortSignal): Promise<QmpClient> {
    const client = new QmpClient(path)
    try {
      await client.#within('the greeting', { timeoutMs: GREETING_MS, signal }, (resolve) => {
        client.#greeted = () => {
          resolve(undefined)
        }
      })
      await client.execute('qmp_capabilities', {}, { timeoutMs: GREETING_MS, signal })
      return client
    } catch (error) {
      client.#fail(unreachable('no greeting'))
      throw client.#isTimeout(error) ? busy(path) : error
    }
  }

  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  async execute<T = unknown>(
    command: string,
    args: Readonly<Record<string, unknown>> = {},
    options: AskOptions = {},
  ): Promise<T> {
    const id = ++this.#lastId
    const text = JSON.stringify({ execute: command, arguments: args, id })
    try {
      return (await this.#within(command, options, (resolve, reject) => {
        this.#waiting.set(id, {
          resolve,
          reject: (error) => {
            reject(error instanceof Refused ? new QmpRefusal(command, error.message) : error)
          },
        })
        this.#socket.write(`${text}\n`)
      })) as T
    } finally {
      this.#waiting.delete(id)
    }
  }

  commands(): Promise<ReadonlySet<string>> {
    this.#commands ??= this.execute<{ name: string }[]>('query-commands').then(
      (all) => new Set(all.map(({ name }) => name)),
    )
    return this.#commands
  }

  onEvent(listener: (event: QmpEvent) => void): Promise<() => void> {
    this.#listeners.add(listener)
    return Promise.resolve(() => this.#listeners.delete(listener))
  }

  async close(): Promise<void> {
    this.#fail(unreachable('the connection was closed by us'))
    await this.#ended
  }

  #take(part: Buffer): void {
    for (let from = 0; from < part.length;) {
      const end = part.indexOf(0x0a, from)
      const piece = part.subarray(from, end === -1 ? part.length : end)
      this.#rest.push(piece)
      this.#restBytes += piece.length
      if (this.#restBytes > LONGEST_LINE) return this.#fail(notQmp('a line without end'))
      if (end === -1) return
      const line = Buffer.concat(this.#rest).toString().trim()
      this.#rest = []
      this.#restBytes = 0
      if (line !== '') this.#line(line)
      from = end + 1
    }
  }

  #line(line: string): void {
    let parsed: z.infer<typeof message>
    try {
      parsed = message.parse(JSON.parse(line))
    } catch {
      return this.#fail(notQmp(line.slice(0, 100)))
    }
    if ('event' in parsed) {
      const { event, data } = parsed as unknown as QmpEvent
      for (const listener of this.#listeners) listener({ event, data })
    } else if ('QMP' in parsed) this.#greeted?.()
    else if ('error' in parsed) {
      const { id, error } = parsed as { id?: number; error: { desc: string } }
      if (id === undefined) this.#fail(notQmp(error.desc))
      else this.#waiting.get(id)?.reject(new Refused(error.desc))
    } else {
      const { id, return: value } = parsed as { id: number; return: unknown }
      this.#waiting.get(id)?.resolve(value)
    }
  }

  #fail(reason: HoldfastError): void {
    if (this.#end) return
    this.#end = reason
    for (const { reject } of this.#waiting.values()) reject(reason)
    this.#socket.destroy()
  }

  #isTimeout(error: unknown): boolean {
    return error instanceof HoldfastError && error.details['timeout'] === true
  }

  #within(
    what: string,
    { timeoutMs = ANSWER_MS, signal }: AskOptions,
    begin: (resolve: Waiting['resolve'], reject: Waiting['reject']) => void,
  ): Promise<unknown> {
    if (this.#end) return Promise.reject(this.#end)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const timer = setTimeout(() => {
      const text = `the monitor did not answer ${what} within ${timeoutMs} ms`
      reject(new HoldfastError('vm-unreachable', text, { details: { timeout: true } }))
    }, timeoutMs)
    const abort = () => {
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', abort, { once: true })
    const key = -++this.#lastId
    this.#waiting.set(key, { resolve: () => {}, reject }) // told when the connection ends
    if (signal?.aborted) abort()
    else begin(resolve, reject)
    return promise.finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      this.#waiting.delete(key)
    })
  }
}

class Refused extends Error {}

function notQmp(said: string): HoldfastError {
  return new HoldfastError('vm-unreachable', `the monitor does not speak QMP: ${said}`)
}

function busy(path: string): HoldfastError {
  return new HoldfastError('vm-busy', `the monitor ${path} does not greet`, {
    hint: 'A QMP socket serves one client at a time: is another one connected? Give the VM a second one.',
  })
}

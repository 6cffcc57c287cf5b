import { HoldfastError, toHoldfastError, ERROR_CODES } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { DiskSession__Output } from '../../core/wire/generated/holdfast/v1/DiskSession.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { Filled } from '../../core/wire/shape.ts'

export type OpenedDisk = Filled<DiskSession__Output>

/** How long a reader waits for a server that is away. */
const PATIENCE_MS = 30_000
const PAUSE_MS = 500

interface Session {
  readonly opened: Promise<OpenedDisk>
  isOver: boolean
}

/** One disk of a point, held open at the server; opened anew where the server has forgotten it. */
export class DiskConnection {
  readonly #client: OperatorClient
  readonly #clock: Clock
  readonly #point: string
  readonly #disk: string | undefined
  readonly #closed = new AbortController()
  #session: Session | undefined

  constructor(client: OperatorClient, clock: Clock, point: string, disk: string | undefined) {
    this.#client = client
    this.#clock = clock
    this.#point = point
    this.#disk = disk
  }

  /** What was opened first says what it is; the point is the same whenever it is opened again. */
  open(): Promise<OpenedDisk> {
    const known = this.#session
    if (known && !known.isOver) return known.opened
    return (this.#session = this.#start()).opened
  }

  /** Runs `ask` with the session, again where that was lost meanwhile. */
  async during<T>(ask: (session: string, signal: AbortSignal) => Promise<T>): Promise<T> {
    const end = this.#clock.monotonic() + PATIENCE_MS
    for (;;) {
      this.#closed.signal.throwIfAborted()
      const before = this.#session
      try {
        const { session } = await this.open()
        return await ask(session, this.#closed.signal)
      } catch (error) {
        if (!this.#mayRecover(error, before) || this.#clock.monotonic() > end) throw error
        await this.#clock.sleep(PAUSE_MS, this.#closed.signal)
      }
    }
  }

  /** The server lets the point go. */
  close(): void {
    this.#closed.abort(new HoldfastError('job-interrupted', 'the export has ended'))
  }

  #start(): Session {
    const { promise, resolve, reject } = Promise.withResolvers<OpenedDisk>()
    promise.catch(() => {}) // thrown where it is awaited
    const session: Session = { opened: promise, isOver: false }
    const over = (reason: unknown) => {
      session.isOver = true
      reject(reason)
    }
    this.#hold(resolve).then(
      () => over(new HoldfastError('server-unreachable', 'the server ended the session')),
      over,
    )
    return session
  }

  /** Lasts as long as the session. */
  async #hold(opened: (disk: OpenedDisk) => void): Promise<void> {
    const request = { point: this.#point, disk: this.#disk }
    const { signal } = this.#closed
    for await (const disk of this.#client.openDisk(request, { signal })) opened(disk)
  }

  #mayRecover(error: unknown, before: Session | undefined): boolean {
    const { code } = toHoldfastError(error)
    const isLost = code === 'not-found' && before !== undefined && before === this.#session
    if (isLost) before.isOver = true
    return isLost || (before !== undefined && ERROR_CODES[code] === 'transient')
  }
}

import type { Clock } from '../runtime/clock.ts'
import type { PushFrameOut } from './frame.ts'
import { closeSource } from './stream.ts'

/** Well below the limit at which a silent stream is given up. */
const IDLE_MS = 30_000

/** Says nothing about a disk: the receiver drops it. */
export const IDLE_FRAME: PushFrameOut = { runs: { ordinal: 0, runs: [] } }

/**
 * Puts `idle`, a frame without meaning, in wherever `frames` is silent for a while: an agent that
 * compares a large disk, and finds it unchanged, has nothing to send for many minutes.
 */
export async function* withIdle<Frame>(
  frames: AsyncIterable<Frame>,
  clock: Clock,
  idle: Frame,
  idleMs = IDLE_MS,
): AsyncGenerator<Frame, void, undefined> {
  const iterator = frames[Symbol.asyncIterator]()
  const silence = new Silence(clock, idleMs)
  let asked = false
  try {
    for (;;) {
      asked = true
      const next = iterator.next()
      while (await silence.isBefore(next)) yield idle
      const result = await next
      asked = false
      if (result.done) return
      yield result.value
    }
  } finally {
    silence.end()
    await closeSource(iterator, asked)
  }
}

/** One timer for the whole stream, however many frames it has: a timer for each costs more than the frame. */
class Silence {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #ended = new AbortController()
  #since: number
  #ring: () => void = () => {}

  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#since = clock.monotonic()
    void this.#watch()
  }

  /** Whether nothing comes for a while. What is thrown is thrown where it is awaited. */
  isBefore(next: Promise<unknown>): Promise<boolean> {
    this.#since = this.#clock.monotonic()
    return new Promise((resolve) => {
      const came = () => {
        resolve(false)
      }
      this.#ring = () => {
        resolve(true)
      }
      next.then(came, came)
    })
  }

  end(): void {
    this.#ended.abort()
  }

  async #watch(): Promise<void> {
    const { signal } = this.#ended
    while (!signal.aborted) {
      const left = this.#since + this.#idleMs - this.#clock.monotonic()
      if (left > 0) await this.#clock.sleep(left, signal).catch(() => {})
      else {
        this.#since = this.#clock.monotonic()
        this.#ring()
      }
    }
  }
}

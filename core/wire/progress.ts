import { HoldfastError } from '../model/error.ts'
import type { Clock } from '../runtime/clock.ts'

/** A stream on which no byte moved for this long, although one side waits for it, is given up. */
export const STALL_LIMIT_MS = 120_000

/** Aborts `signal` with 'stalled' when one wait for the network takes longer than `limitMs`. */
export class ProgressWatch {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #what: string
  readonly #stop = new AbortController()
  readonly #stalled = new AbortController()
  #waitingSince: number | undefined

  constructor(clock: Clock, what: string, limitMs = STALL_LIMIT_MS) {
    this.#clock = clock
    this.#what = what
    this.#limitMs = limitMs
    void this.#run()
  }

  get signal(): AbortSignal {
    return this.#stalled.signal
  }

  /** Counts only while the network is waited for: what the caller does meanwhile may take its time. */
  async during<T>(wait: Promise<T>): Promise<T> {
    this.#waitingSince = this.#clock.monotonic()
    try {
      return await wait
    } finally {
      this.#waitingSince = undefined
    }
  }

  stop(): void {
    this.#stop.abort()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // Ends early when stopped: that is the only way in which this sleep fails.
      await this.#clock.sleep(this.#limitMs / 8, this.#stop.signal).catch(() => {})
      const since = this.#waitingSince
      if (since === undefined || this.#clock.monotonic() - since < this.#limitMs) continue
      const seconds = Math.round(this.#limitMs / 1000)
      const message = `${this.#what}: no byte moved for ${seconds} s`
      return this.#stalled.abort(new HoldfastError('stalled', message))
    }
  }
}

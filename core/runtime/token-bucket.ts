import type { Clock } from './clock.ts'

/** Longest sleep of one step, so that a new rate acts within a second. */
const STEP_MS = 500
/** What may be taken at once after a pause, in seconds of the rate. */
const BURST_SECONDS = 1

/** Limits bytes per second. The rate may change while others wait; 0 means no limit. */
export class TokenBucket {
  readonly #clock: Clock
  #rate: number
  #level = 0
  #filledAt: number

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock
    this.#rate = bytesPerSecond
    this.#filledAt = clock.monotonic()
  }

  get bytesPerSecond(): number {
    return this.#rate
  }

  setRate(bytesPerSecond: number): void {
    this.#fill()
    this.#rate = bytesPerSecond
  }

  /** Takes at once and sleeps off the debt: a request larger than the rate needs no splitting. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    this.#fill()
    this.#level -= bytes
    while (this.#rate > 0 && this.#level < 0) {
      const owedMs = (-this.#level / this.#rate) * 1000
      await this.#clock.sleep(Math.min(owedMs, STEP_MS), signal)
      this.#fill()
    }
  }

  #fill(): void {
    const now = this.#clock.monotonic()
    const gained = ((now - this.#filledAt) / 1000) * this.#rate
    this.#level = Math.min(this.#level + gained, this.#rate * BURST_SECONDS)
    if (this.#rate === 0) this.#level = 0
    this.#filledAt = now
  }
}

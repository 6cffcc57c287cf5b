import { readFileSync } from 'node:fs'
import { systemClock, type Clock } from './clock.ts'

const READ_EVERY_MS = 100

/**
 * A clock that a test moves while the process runs: the file that HOLDFAST_CLOCK_FILE names when the
 * process starts holds how many milliseconds it is ahead. Time that goes by without being slept
 * through: the steady clock moves as well.
 */
export class PlannedClock implements Clock {
  readonly #file: string
  #aheadMs = 0
  #readAt = -Infinity

  constructor(file: string) {
    this.#file = file
  }

  now(): number {
    return systemClock.now() + this.#ahead()
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#ahead()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal)
  }

  /** Calls `moved` soon after each change of the file, until `signal` aborts. */
  async watch(moved: () => Promise<void>, signal: AbortSignal): Promise<void> {
    let before = this.#ahead()
    while (!signal.aborted) {
      await this.sleep(READ_EVERY_MS, signal).catch(() => {})
      const ahead = this.#ahead()
      if (ahead !== before) await moved()
      before = ahead
    }
  }

  #ahead(): number {
    const now = systemClock.monotonic()
    if (now - this.#readAt < READ_EVERY_MS / 2) return this.#aheadMs
    this.#readAt = now
    const ms = Number(readFileSync(this.#file, 'utf8'))
    if (Number.isFinite(ms)) this.#aheadMs = ms
    return this.#aheadMs
  }
}

/** The system's, but where the environment names a planned one. */
export function processClock(env: Readonly<Record<string, string | undefined>>): Clock {
  const file = env['HOLDFAST_CLOCK_FILE']
  return file ? new PlannedClock(file) : systemClock
}

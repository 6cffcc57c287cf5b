import { readFileSync } from 'node:fs'
import { systemClock, type Clock } from './clock.ts'

const READ_EVERY_MS = 50

/**
 * A clock that a test moves while the process runs: the file that HOLDFAST_CLOCK_FILE names when the
 * process starts holds how many milliseconds it is ahead. Time that goes by without being slept
 * through: the steady clock moves as well, in the same moment.
 */
export class PlannedClock implements Clock {
  readonly #file: string
  #aheadMs = 0
  #moved: () => void = () => {}

  constructor(file: string) {
    this.#file = file
    this.#read()
    setInterval(() => this.#read(), READ_EVERY_MS).unref()
  }

  now(): number {
    return systemClock.now() + this.#aheadMs
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#aheadMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal)
  }

  onMoved(moved: () => void): void {
    this.#moved = moved
  }

  #read(): void {
    const text = readFileSync(this.#file, 'utf8')
    const ms = Number(text)
    if (text === '' || ms === this.#aheadMs) return // half written, or as before
    this.#aheadMs = ms
    this.#moved()
  }
}

/** The system's, but where the environment names a planned one. */
export function processClock(env: Readonly<Record<string, string | undefined>>): Clock {
  const file = env['HOLDFAST_CLOCK_FILE']
  return file ? new PlannedClock(file) : systemClock
}

import { setTimeout as wait } from 'node:timers/promises'

/** Time, so that tests can plan it. Nothing else reads the system's clock. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number
  /** Rises always, milliseconds; for durations and rates. */
  monotonic(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}),
}

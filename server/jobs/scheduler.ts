import cron, { type ScheduledTask } from 'node-cron'
import { Schedule } from './schedule/schedule.ts'
import type { ScheduleDeps } from './schedule/schedule-deps.ts'

const EVERY_MINUTE = '* * * * *'

export interface Scheduler {
  start(): void
  /** Looks at what is due now, as it does once a minute. */
  tick(): Promise<void>
  stop(): Promise<void>
}

/**
 * The minute tick, the only thing that node-cron is asked for: it decides nothing about times.
 * `afterwards` looks at what the schedule has left, and logs its own failures.
 */
export function createScheduler(
  deps: ScheduleDeps,
  afterwards: () => Promise<void> = async () => {},
): Scheduler {
  const schedule = new Schedule(deps)
  let task: ScheduledTask | undefined
  let running: Promise<void> = Promise.resolve()
  const tick = async () => {
    await schedule.tick()
    await (running = afterwards())
  }
  return {
    start: () => {
      task = cron.schedule(EVERY_MINUTE, tick)
      void tick()
    },
    tick,
    stop: async () => {
      await task?.destroy()
      await schedule.stop()
      await running
    },
  }
}

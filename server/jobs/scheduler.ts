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

/** The minute tick, the only thing that node-cron is asked for: it decides nothing about times. */
export function createScheduler(deps: ScheduleDeps): Scheduler {
  const schedule = new Schedule(deps)
  let task: ScheduledTask | undefined
  return {
    start: () => {
      task = cron.schedule(EVERY_MINUTE, () => schedule.tick())
      void schedule.tick()
    },
    tick: () => schedule.tick(),
    stop: async () => {
      await task?.destroy()
      await schedule.stop()
    },
  }
}

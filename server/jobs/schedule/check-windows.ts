import { endedWindows } from '../../catalog/dues.ts'
import { recordEvent } from '../../catalog/events.ts'
import { requestCancel } from '../queue.ts'
import { BY, type ScheduleDeps } from './schedule-deps.ts'

/**
 * Scheduled checks that are longer under way than their window are stopped; what they have sent is
 * staged for the next one.
 */
export async function closeCheckWindows({ database, clock, wake }: ScheduleDeps): Promise<void> {
  const late = await endedWindows(database, new Date(clock.now()))
  for (const { job, dataSource, hours } of late)
    await database.tx(async (q) => {
      const why = `the window of ${hours} hours for checks is over`
      await requestCancel(q, job, why, BY)
      await recordEvent(q, { kind: 'check-window-ended', about: dataSource, message: why })
    })
  if (late.length > 0) wake()
}

/** What reports are about: as long a time, up to a moment. */
export const REPORT_PERIODS = ['day', 'week', 'month'] as const
export type ReportPeriod = (typeof REPORT_PERIODS)[number]

const DAY_MS = 86_400_000

/** When a period began that ends at `until`. A month before 31 March is 28 February, UTC. */
export function periodStart(period: ReportPeriod, until: Date): Date {
  if (period !== 'month') return new Date(until.getTime() - (period === 'day' ? 1 : 7) * DAY_MS)
  const start = new Date(until)
  start.setUTCDate(1)
  start.setUTCMonth(start.getUTCMonth() - 1)
  const lastDay = new Date(
    Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0),
  ).getUTCDate()
  start.setUTCDate(Math.min(until.getUTCDate(), lastDay))
  return start
}

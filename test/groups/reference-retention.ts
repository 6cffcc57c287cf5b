import type { RetainedPoint, RetentionSettings } from '../../core/model/retention/policy.ts'
import type { BadTime } from '../../core/model/retention/good-age.ts'

const DAY = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const format = formats.get(zone)
  if (format) return format
  const fresh = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  formats.set(zone, fresh)
  return fresh
}

/** What a clock on a wall in this zone shows, by the formatter of dates alone. */
function local(zone: string, at: number) {
  const text = formatOf(zone).format(at)
  const [date = '', time = ''] = text.split(' ')
  return { date, hour: time.slice(0, 2) }
}

/** The Monday of an ISO week, as a date. */
function monday(date: string): string {
  const at = new Date(`${date}T12:00:00Z`)
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7))
  return at.toISOString().slice(0, 10)
}

/**
 * Retention, written plainly and slowly, rule by rule from the words of docs/operations.md: gives the
 * ids that stay.
 */
export function referenceRetention(
  points: readonly RetainedPoint[],
  { rules, timeZone }: RetentionSettings,
  bad: readonly BadTime[],
  now: number,
): Set<string> {
  const stay = new Set<string>()
  const newest = [...points].sort((a, b) => b.sequence - a.sequence)
  for (const p of newest) {
    if (p.protected) stay.add(p.id)
    if (p.lockedUntil !== null && p.lockedUntil > now) stay.add(p.id)
    if (p.expiresAt !== null && p.expiresAt > now) stay.add(p.id)
    if (p.expiresAt === null && p.label !== null) stay.add(p.id)
    if (p.expiresAt === null && rules === null) stay.add(p.id)
    if (p.expiresAt === null && rules !== null && age(p, bad, timeZone, now) <= rules.retainDays)
      stay.add(p.id)
  }
  if (rules !== null) {
    const usable = newest.filter((p) => p.state !== 'damaged' && p.expiresAt === null)
    const taken: RetainedPoint[] = []
    const rule = (count: number, period: (p: RetainedPoint) => string) => {
      const covered = new Set(taken.map(period))
      const fresh: string[] = []
      for (const p of usable) {
        const name = period(p)
        if (covered.has(name) || fresh.includes(name)) continue
        if (fresh.length === count) continue
        fresh.push(name)
        taken.push(p)
      }
    }
    const { keep } = rules
    const at = (p: RetainedPoint) => local(timeZone, p.createdAt)
    const offset = (p: RetainedPoint) =>
      Date.parse(`${formatOf(timeZone).format(p.createdAt).replace(' ', 'T')}Z`) -
      Math.floor(p.createdAt / 1000) * 1000
    rule(keep.last ?? 0, (p) => p.id)
    rule(keep.hourly ?? 0, (p) => `${at(p).date} ${at(p).hour} ${offset(p)}`)
    rule(keep.daily ?? 0, (p) => at(p).date)
    rule(keep.weekly ?? 0, (p) => monday(at(p).date))
    rule(keep.monthly ?? 0, (p) => at(p).date.slice(0, 7))
    rule(keep.yearly ?? 0, (p) => at(p).date.slice(0, 4))
    for (const p of taken) stay.add(p.id)
  }
  const best = ['ready', 'partial suspect', 'damaged'].find((states) =>
    newest.some((p) => states.split(' ').includes(p.state)),
  )
  const last = newest.find((p) => best?.split(' ').includes(p.state))
  if (last) stay.add(last.id)
  return stay
}

/** Days, without those on which the replica was not consistent at some moment. */
function age(p: RetainedPoint, bad: readonly BadTime[], zone: string, now: number): number {
  const dates = new Set<string>()
  for (const { from, until } of bad) {
    const last = Math.min(until ?? now, now)
    for (let at = Math.max(from, p.createdAt); at < last; at += 3_600_000)
      dates.add(local(zone, at).date)
    if (Math.max(from, p.createdAt) <= last) dates.add(local(zone, last).date)
  }
  return (now - p.createdAt) / DAY - dates.size
}

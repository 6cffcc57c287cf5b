/** Wall clocks of IANA time zones. Times are milliseconds since 1970, UTC. */

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether this machine's time zone data know the name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format) return format
  format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  formats.set(zone, format)
  return format
}

/** What the zone's wall clock shows, as if it were UTC: a number to reckon days and hours with. */
export function wallOf(zone: string, at: number): number {
  return at + offsetAt(zone, at)
}

function lookUp(zone: string, at: number): number {
  const parts = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of formatOf(zone).formatToParts(at))
    if (type in parts) parts[type as keyof typeof parts] = Number(value)
  const { year, month, day, hour, minute, second } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - at
}

/** Offsets of one zone at the starts of UTC days, and of quarters of an hour of days with a change. */
interface KnownOffsets {
  readonly days: Map<number, number>
  readonly quarters: Map<number, number>
}

/** Clocks change at quarters of an hour of UTC: what was looked up counts for the whole quarter. */
const QUARTER_MS = 15 * MINUTE_MS
/** Some fifty years of days. */
const MOST_KNOWN = 20_000
const known = new Map<string, KnownOffsets>()

/**
 * Milliseconds that the zone's wall clock is ahead of UTC. A day whose ends have one offset has it all
 * day: points of years are looked up by the day, not one by one: a look-up takes 25 µs.
 */
export function offsetAt(zone: string, at: number): number {
  let offsets = known.get(zone)
  if (!offsets) known.set(zone, (offsets = { days: new Map(), quarters: new Map() }))
  const day = Math.floor(at / DAY_MS)
  const offset = knownAt(offsets.days, zone, day, DAY_MS)
  if (knownAt(offsets.days, zone, day + 1, DAY_MS) === offset) return offset
  return knownAt(offsets.quarters, zone, Math.floor(at / QUARTER_MS), QUARTER_MS)
}

function knownAt(
  offsets: Map<number, number>,
  zone: string,
  index: number,
  unitMs: number,
): number {
  const found = offsets.get(index)
  if (found !== undefined) return found
  if (offsets.size >= MOST_KNOWN) offsets.clear()
  const offset = lookUp(zone, index * unitMs)
  offsets.set(index, offset)
  return offset
}

/**
 * When the wall clock shows `wall`. Shown twice (clocks go back): the first time. Never shown (clocks
 * go forward): as much later as the clocks skipped, so 02:30 becomes 03:30.
 */
export function instantOf(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - DAY_MS)
  const after = offsetAt(zone, wall + DAY_MS)
  // The greater offset gives the earlier instant.
  const [greater, smaller] = before > after ? [before, after] : [after, before]
  for (const offset of [greater, smaller])
    if (offsetAt(zone, wall - offset) === offset) return wall - offset
  return wall - before
}

/** Start of the local day that `at` lies in, as a wall clock number. */
export function dayOf(zone: string, at: number): number {
  return startOfDay(wallOf(zone, at))
}

export function startOfDay(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS
}

/** Monday first: 0..6. */
export function weekdayOf(wall: number): number {
  return (Math.floor(wall / DAY_MS) + 3) % 7
}

export { DAY_MS, HOUR_MS, MINUTE_MS }

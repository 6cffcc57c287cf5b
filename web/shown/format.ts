/** How amounts and times are written: in the viewer's language and zone. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

export function bytes(count: number): string {
  const step = count === 0 ? 0 : Math.min(5, Math.floor(Math.log2(Math.abs(count)) / 10))
  const amount = count / 1024 ** step
  return `${amount.toFixed(step === 0 || amount >= 100 ? 0 : 1)} ${UNITS[step] ?? ''}`
}

/** On an axis, whose ticks are whole units. */
export function wholeBytes(count: number): string {
  return bytes(count).replace('.0', '')
}

export function rate(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`
}

/** Rounded down: all is all only when it is. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.floor((100 * part) / whole)} %` : '–'
}

/** Making one takes as long as a hundred uses of it, and lists write hundreds of times. */
function kept<Kept>(make: (locale: string) => Kept): (locale: string) => Kept {
  const made = new Map<string, Kept>()
  return (locale) => {
    const before = made.get(locale)
    if (before) return before
    const now = make(locale)
    made.set(locale, now)
    return now
  }
}

const toTheMinute = kept(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
)
const toTheSecond = kept(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }),
)
const fromNow = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

export function time(iso: string | null, locale: string): string {
  return iso === null || iso === '' ? '–' : toTheMinute(locale).format(new Date(iso))
}

/** To the second: points of one minute are told apart. */
export function exactTime(iso: string, locale: string): string {
  return toTheSecond(locale).format(new Date(iso))
}

/** The server's own way of writing it, for whoever compares with its logs. */
export function serverTime(iso: string | null): string {
  return iso === null || iso === '' ? '' : `${iso.slice(0, 19).replace('T', ' ')} UTC`
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** "3 hours ago". `now` is given, so that what is shown together agrees. */
export function ago(iso: string | null, locale: string, now: number): string {
  if (iso === null || iso === '') return '–'
  const distance = new Date(iso).getTime() - now
  const [unit, size] = STEPS.find(([, size]) => Math.abs(distance) >= size) ?? ['second', 1_000]
  return fromNow(locale).format(Math.round(distance / size), unit)
}

/** "4 min 10 s": whole units only. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ]
  const shown = parts.filter(([amount], at) => amount > 0 || (at === 2 && seconds < 60)).slice(0, 2)
  return shown
    .map(([amount, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ')
}

/** The day that a moment belongs to where the viewer is, as YYYY-MM-DD. */
export function dayOf(iso: string): string {
  const date = new Date(iso)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Of a day as a date field has it, where the viewer is. */
export function startOfDay(day: string | undefined): string | undefined {
  const start = new Date(`${day ?? ''}T00:00:00`)
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString()
}

/** The last instant of it; of today and later days there is none yet. */
export function endOfDay(day: string): string | undefined {
  const end = new Date(`${day}T24:00:00`)
  return Number.isNaN(end.getTime()) || end.getTime() > performance.timeOrigin + performance.now()
    ? undefined
    : end.toISOString()
}

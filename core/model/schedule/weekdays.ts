const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Which days of the week, Monday first. */
export type Weekdays = readonly boolean[]

export const EVERY_DAY: Weekdays = [true, true, true, true, true, true, true]

/** `mon-fri`, `sat,sun`, `fri-mon`; undefined when it is none. */
export function parseWeekdays(text: string): Weekdays | undefined {
  const days = EVERY_DAY.map(() => false)
  for (const part of text.toLowerCase().split(',')) {
    const [from, to, ...more] = part.split('-')
    const first = indexOf(from)
    const last = to === undefined ? first : indexOf(to)
    if (first < 0 || last < 0 || more.length > 0) return undefined
    for (let day = first; ; day = (day + 1) % 7) {
      days[day] = true
      if (day === last) break
    }
  }
  return days
}

function indexOf(name: string | undefined): number {
  return NAMES.indexOf(name as (typeof NAMES)[number])
}

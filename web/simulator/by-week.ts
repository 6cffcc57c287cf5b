/** What the rules say of one point. */
export interface Decided {
  readonly createdAt: string
  readonly keep: boolean
  readonly reason: string
}

export interface Weeks {
  /** Seconds since 1970, rising. */
  readonly starts: readonly number[]
  /** Points of each week by why they stay, or as `gone`. */
  readonly counts: readonly ReadonlyMap<string, number>[]
}

const WEEK_SECONDS = 7 * 86_400

/** Points by the week that they are of. Weeks without points are there too. */
export function byWeek(decisions: readonly Decided[]): Weeks {
  const weekOf = ({ createdAt }: Decided) => Math.floor(Date.parse(createdAt) / 1000 / WEEK_SECONDS)
  const weeks = decisions.map(weekOf)
  const first = weeks.reduce((least, week) => Math.min(least, week), Infinity)
  const last = weeks.reduce((most, week) => Math.max(most, week), -Infinity)
  const length = decisions.length === 0 ? 0 : last - first + 1
  const counts = Array.from({ length }, () => new Map<string, number>())
  for (const decision of decisions) {
    const there = counts[weekOf(decision) - first]
    const word = wordOf(decision)
    there?.set(word, (there.get(word) ?? 0) + 1)
  }
  return { starts: counts.map((_, at) => (first + at) * WEEK_SECONDS), counts }
}

const ORDER = ['in-range', 'last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly', 'last-good']

/** Why points stay, the shortest rule first; what went comes last. */
export function reasonsOf(decisions: readonly Decided[]): readonly string[] {
  const found = [...new Set(decisions.map(wordOf))]
  const rank = (word: string) => (word === 'gone' ? ORDER.length + 1 : ORDER.indexOf(word))
  return found.sort((a, b) => rank(a) - rank(b))
}

function wordOf({ keep, reason }: Decided): string {
  return keep ? reason : 'gone'
}

import { DAY_MS } from '../schedule/zone.ts'
import { goodAge, type BadTime } from './good-age.ts'
import { periodOf } from './period.ts'
import { KEEP_WORDS, type KeepWord, type RetentionRules } from './rules.ts'

/** What retention looks at of a point. Times are the server's, milliseconds since 1970. */
export interface RetainedPoint {
  readonly id: string
  /** Rises with each version of the data source: what decides which is newer. */
  readonly sequence: number
  readonly createdAt: number
  readonly state: string
  readonly protected: boolean
  readonly label: string | null
  readonly expiresAt: number | null
  readonly lockedUntil: number | null
}

/** Null: no group and none before; only a point's own expiry counts. */
export interface RetentionSettings {
  readonly rules: RetentionRules | null
  readonly timeZone: string
}

export interface RetentionDecision {
  readonly id: string
  readonly keep: boolean
  /** A stable word: what keeps it, or why it may go. */
  readonly reason: RetentionReason
}

export type RetentionReason =
  | 'protected'
  | 'locked'
  | 'not-expired'
  | 'labelled'
  | 'no-rules'
  | 'in-range'
  | KeepWord
  | 'last-good'
  | 'expired'
  | 'out-of-range'

/**
 * Which points of one data source stay, and what keeps each; newest first. Pure: the same points,
 * rules and time give the same answer.
 *
 *  1. Protected and locked ones stay; one with its own expiry stays until then and goes after it; a
 *     label without an expiry is somebody's wish to keep it.
 *  2. All others stay while they are in the range, or while a keep rule chooses them.
 *  3. Whatever the rules say, the newest good one stays.
 */
export function decideRetention(
  points: readonly RetainedPoint[],
  settings: RetentionSettings,
  bad: readonly BadTime[],
  now: number,
): RetentionDecision[] {
  const newest = [...points].sort((a, b) => b.sequence - a.sequence)
  const chosen = chosenByRules(newest, settings)
  const range = (settings.rules?.retainDays ?? 0) * DAY_MS
  const lastGood = newestGood(newest)
  return newest.map((point) => {
    const { id } = point
    const fixed = fixedReason(point, now)
    if (fixed) return { id, keep: true, reason: fixed }
    if (point.expiresAt !== null) return orLastGood(id, lastGood, 'expired')
    if (point.label !== null) return { id, keep: true, reason: 'labelled' }
    if (settings.rules === null) return { id, keep: true, reason: 'no-rules' }
    if (goodAge(point.createdAt, now, bad, settings.timeZone) <= range)
      return { id, keep: true, reason: 'in-range' }
    const word = chosen.get(id)
    if (word) return { id, keep: true, reason: word }
    return orLastGood(id, lastGood, 'out-of-range')
  })
}

function fixedReason(point: RetainedPoint, now: number): RetentionReason | undefined {
  if (point.protected) return 'protected'
  if (point.lockedUntil !== null && point.lockedUntil > now) return 'locked'
  if (point.expiresAt !== null && point.expiresAt > now) return 'not-expired'
  return undefined
}

function orLastGood(
  id: string,
  lastGood: string | undefined,
  reason: RetentionReason,
): RetentionDecision {
  return id === lastGood ? { id, keep: true, reason: 'last-good' } : { id, keep: false, reason }
}

const RANK: Readonly<Record<string, number>> = { ready: 0, partial: 1, suspect: 1 }

/** The newest of the best there are. */
function newestGood(newestFirst: readonly RetainedPoint[]): string | undefined {
  const rank = (point: RetainedPoint) => RANK[point.state] ?? 2
  const best = Math.min(...newestFirst.map(rank))
  return newestFirst.find((point) => rank(point) === best)?.id
}

/** Damaged points and those with a term of their own take no other's place. */
function chosenByRules(
  newestFirst: readonly RetainedPoint[],
  { rules, timeZone }: RetentionSettings,
): Map<string, KeepWord> {
  const chosen = new Map<string, KeepWord>()
  if (rules === null) return chosen
  const candidates = newestFirst.filter(
    (point) => point.state !== 'damaged' && point.expiresAt === null,
  )
  for (const word of KEEP_WORDS) choose(candidates, chosen, word, rules.keep[word] ?? 0, timeZone)
  return chosen
}

/** The newest of each period, for the newest `count` periods that have one and none is chosen of yet. */
function choose(
  newestFirst: readonly RetainedPoint[],
  chosen: Map<string, KeepWord>,
  word: KeepWord,
  count: number,
  zone: string,
): void {
  if (count === 0) return
  const period = (point: RetainedPoint) =>
    word === 'last' ? point.id : periodOf(word, zone, point.createdAt)
  const seen = new Set(newestFirst.filter(({ id }) => chosen.has(id)).map(period))
  let left = count
  for (const point of newestFirst) {
    if (left === 0) return
    const name = period(point)
    if (seen.has(name)) continue
    seen.add(name)
    chosen.set(point.id, word)
    left--
  }
}

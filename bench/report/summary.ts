import type { Figure, Limit, Result, Row, Side } from '../rows/row.ts'

export interface Judged extends Limit {
  /** One a round, ours to theirs. */
  readonly ratios: readonly number[]
  readonly median: number
  readonly verdict: 'aim' | 'must' | 'missed'
}

export interface Summary {
  readonly row: string
  readonly title: string
  readonly peer: string
  readonly rounds: number
  readonly ours: Medians
  readonly theirs: Medians
  readonly judged: readonly Judged[]
}

/** Medians of single figures; ratios are medians of ratios, not ratios of these. */
export interface Medians {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly storedBytes: number
  readonly sentBytes: number | undefined
  readonly peakBytes: Readonly<Record<string, number>>
  readonly cpuByName: Readonly<Record<string, number>>
}

export function summarize(row: Row, results: readonly Result[]): Summary {
  const own = results.filter((result) => result.row === row.name)
  return {
    row: row.name,
    title: row.title,
    peer: row.peer,
    rounds: own.length,
    ours: mediansOf(own.map(({ ours }) => ours)),
    theirs: mediansOf(own.map(({ theirs }) => theirs)),
    judged: row.limits.map((limit) => judge(limit, own)),
  }
}

function judge(limit: Limit, results: readonly Result[]): Judged {
  const ratios = results.map(({ ours, theirs }) => {
    return figureOf(ours, limit.figure) / figureOf(theirs, limit.figure)
  })
  const middle = median(ratios)
  const verdict = middle <= limit.aim ? 'aim' : middle <= limit.must ? 'must' : 'missed'
  return { ...limit, ratios, median: middle, verdict }
}

function figureOf(side: Side, figure: Figure): number {
  return { wall: side.wallSeconds, cpu: side.cpuSeconds, stored: side.storedBytes }[figure]
}

function mediansOf(sides: readonly Side[]): Medians {
  const sent = sides.flatMap(({ sentBytes }) => (sentBytes === undefined ? [] : [sentBytes]))
  return {
    wallSeconds: median(sides.map((side) => side.wallSeconds)),
    cpuSeconds: median(sides.map((side) => side.cpuSeconds)),
    storedBytes: median(sides.map((side) => side.storedBytes)),
    sentBytes: sent.length > 0 ? median(sent) : undefined,
    peakBytes: mediansByName(sides.map((side) => side.peakBytes)),
    cpuByName: mediansByName(sides.map((side) => side.cpuByName)),
  }
}

function mediansByName(
  records: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const names = Object.keys(records[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(records.map((record) => record[name] ?? 0))]),
  )
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

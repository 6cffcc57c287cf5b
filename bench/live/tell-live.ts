import type { Measured } from '../measure/measured.ts'
import { median } from '../report/summary.ts'
import type { Writes } from './writes.ts'

export interface LiveSide extends Measured {
  readonly storedBytes: number
}

export interface LiveResult {
  readonly writes: Writes
  readonly round: number
  readonly changedBytes: number
  readonly sentBytes: number
  readonly ours: LiveSide
  readonly virtnbdbackup: LiveSide
  readonly restic: LiveSide
  /** Of the qcow2 file instead of the disk. */
  readonly resticFile: LiveSide
}

const LIMITS = {
  virtnbdbackup: 'must ≤ 1.0, aim ≤ 0.6',
  restic: 'must ≤ 0.10, aim ≤ 0.05',
  resticFile: '',
} as const

/** Ratios of each round, their medians first: for docs/performance.md. */
export function tellLive(results: readonly LiveResult[]): void {
  const lines = [
    '| 1 % changed, dirty bitmap | figure | ratio (rounds) | limit |',
    '| --- | --- | --- | --- |',
  ]
  for (const writes of ['scattered', 'whole'] as const) {
    const own = results.filter((result) => result.writes === writes)
    for (const peer of ['virtnbdbackup', 'restic', 'resticFile'] as const)
      for (const figure of ['wallSeconds', 'cpuSeconds', 'storedBytes'] as const) {
        const limit = figure === 'wallSeconds' ? LIMITS[peer] : ''
        const ratios = own.map((result) => result.ours[figure] / result[peer][figure])
        lines.push(`| ${writes}, against ${peer} | ${figure} | ${shown(ratios)} | ${limit} |`)
      }
    const sent = own.map(({ sentBytes, changedBytes }) => sentBytes / changedBytes)
    const most = writes === 'whole' ? 'must ≤ 1.3' : 'must ≤ 2.2'
    lines.push(`| ${writes}, against the changed bytes | sent | ${shown(sent)} | ${most} |`)
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}

function shown(ratios: readonly number[]): string {
  const all = ratios.map((ratio) => ratio.toPrecision(2)).join(' ')
  return `**${median(ratios).toPrecision(2)}** (${all})`
}

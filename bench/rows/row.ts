import type { DataSet } from '../data/data-set.ts'
import type { Measured, Watch } from '../measure/measured.ts'
import type { Holdfast } from '../sides/holdfast.ts'
import type { Restic } from '../sides/restic.ts'

/** One round of the bench: a fresh installation and a fresh repository, over the same images. */
export interface Round {
  readonly folder: string
  readonly data: DataSet
  readonly holdfast: Holdfast
  readonly restic: Restic
}

/** Wall and CPU seconds, or bytes added to what is stored. */
export type Figure = 'wall' | 'cpu' | 'stored'

export interface Limit {
  readonly figure: Figure
  /** Ratio to the peer. */
  readonly must: number
  readonly aim: number
}

export interface Row {
  /** For `--only`. */
  readonly name: string
  readonly title: string
  readonly peer: string
  readonly limits: readonly Limit[]
  /** Rows that must have run in the round before, measured or not. */
  readonly needs: readonly string[]
  /** Outside the measured time, before each side. */
  readonly prepare?: (round: Round, side: 'ours' | 'theirs') => Promise<void>
  /** What the side will read: in the page cache for both. */
  readonly reads: (round: Round, side: 'ours' | 'theirs') => readonly string[]
  readonly ours: (round: Round, watch: Watch) => Promise<Noted>
  readonly theirs: (round: Round, watch: Watch) => Promise<Noted>
  /** Outside the measured time, after our side: is the result right? */
  readonly prove?: (round: Round) => Promise<void>
}

export interface Noted {
  readonly sentBytes?: number
  readonly mode?: string
}

export interface Side extends Measured, Noted {
  /** Bytes by which what is stored has grown. */
  readonly storedBytes: number
}

export interface Result {
  readonly round: number
  readonly row: string
  readonly ours: Side
  readonly theirs: Side
}

import type { KeepRules } from '../retention/rules.ts'
import type { ConsistencyFallback, WantedConsistency } from '../state.ts'

/**
 * All that a protection group says besides its name and members. This is also how it is stored, as
 * one document: what is absent has its default.
 */
export interface GroupSettings {
  /** Rules that bring in members: `name:web*`, `host:alpha`, `tag:prod`. */
  readonly match: readonly string[]
  readonly retainDays: number
  readonly keep: KeepRules
  /** Between synchronizations; null: just before a recovery point. */
  readonly syncMinutes: number | null
  /** As people write it: `08:00,12:00 mon-fri`, a cron pattern, or `none`. */
  readonly points: string
  readonly timeZone: string
  /** Added to every due time, so that groups need not all begin at once: 0..59. */
  readonly offsetMinutes: number
  /** `now`, `manual`, or ISO 8601 UTC. */
  readonly initial: string
  readonly consistency: WantedConsistency
  readonly fallback: ConsistencyFallback
  /** When an inconsistent replica is checked: by itself, never, or on a cron pattern. */
  readonly check: string
  /** How long a scheduled check may take; 0: no limit. */
  readonly checkHours: number
  readonly excludeDisks: readonly string[]
  /** 0: no limit. */
  readonly bytesPerSecond: number
  /** `08:00-18:00 mon-fri=10MiB`: other limits at these hours, the first that fits counts. */
  readonly rateHours: readonly string[]
  /** zstd's; null: the server's own. */
  readonly compressionLevel: number | null
  /** Path of the store's volume to prefer; null: any. */
  readonly volume: string | null
  /** Names below the agent's folder of scripts. */
  readonly preScript: string | null
  readonly postScript: string | null
  /** How old a member's newest good point may be, before that is an alert; null: as the schedule promises. */
  readonly objectiveMinutes: number | null
}

export const DEFAULT_SETTINGS: GroupSettings = {
  match: [],
  retainDays: 5,
  keep: {},
  syncMinutes: null,
  points: '08:00,12:00,18:00',
  timeZone: 'UTC',
  offsetMinutes: 0,
  initial: 'now',
  consistency: 'application',
  fallback: 'crash',
  check: 'auto',
  checkHours: 0,
  excludeDisks: [],
  bytesPerSecond: 0,
  rateHours: [],
  compressionLevel: null,
  volume: null,
  preScript: null,
  postScript: null,
  objectiveMinutes: null,
}

/** The words for states and kinds: those of the design, in every table, message and log alike. */

export type PointState = 'ready' | 'partial' | 'suspect' | 'damaged' | 'deleted'

export type ReplicaState =
  | 'none'
  | 'init-pending'
  | 'manual-pending'
  | 'initializing'
  | 'ok'
  | 'inconsistent'
  | 'checking'
  | 'missing'
  | 'inactive'

export type JobState =
  | 'queued'
  | 'running'
  | 'completed'
  | 'completed-with-warnings'
  | 'failed'
  | 'cancelled'
  | 'skipped'

export type HostState = 'online' | 'unreachable' | 'incompatible' | 'revoked'

export type JobKind =
  | 'initial-replication'
  | 'synchronization'
  | 'recovery-point'
  | 'consistency-check'
  | 'verification'
  | 'recovery'
  | 'item-recovery'
  | 'expiry'
  | 'collection'
  | 'compaction'

export type Consistency = 'application' | 'filesystem' | 'crash' | 'cold' | 'unsettled'

/** The level that is asked for. Off machines are `cold` whatever was. */
export const WANTED_CONSISTENCIES = ['application', 'filesystem', 'crash'] as const
export type WantedConsistency = (typeof WANTED_CONSISTENCIES)[number]

/** Where that level is not reached: stop the VM for the instant, take it as it is, or take none. */
export const CONSISTENCY_FALLBACKS = ['pause', 'crash', 'fail'] as const
export type ConsistencyFallback = (typeof CONSISTENCY_FALLBACKS)[number]

export type TransferMode = 'initial' | 'tracked' | 'compared' | 'derived'

/** What an operator asks a transfer for. */
export type TransferKind = 'point' | 'synchronize' | 'check'

export const ENDED_JOB_STATES: readonly JobState[] = [
  'completed',
  'completed-with-warnings',
  'failed',
  'cancelled',
  'skipped',
]

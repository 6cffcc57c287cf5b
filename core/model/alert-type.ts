/**
 * Everything that somebody is told of by an alert. `docs/operations.md` says of each what it means; a
 * test ties the two. Dates and causes are in the alert itself.
 */
export const ALERT_TYPES = [
  // hosts
  'agent-unreachable',
  'agent-incompatible',
  'agent-task-failed',
  'clock-skew',
  'certificate-expiring',
  'source-owned-elsewhere',
  // replicas
  'replica-initialization-pending',
  'replica-initialization-in-progress',
  'replica-manual-load-pending',
  'replica-missing',
  'replica-inconsistent',
  'consistency-check-in-progress',
  // transfers
  'initial-replication-failed',
  'synchronization-failed',
  'recovery-point-failed',
  'consistency-check-failed',
  'guest-freeze-failed',
  'repeated-comparison',
  'change-tracking-wrong',
  'suspicious-change',
  // schedule and groups
  'rpo-exceeded',
  'schedule-overlap',
  'unprotected',
  'rule-matches-nothing',
  'rule-matches-everything',
  'configure-protection-failed',
  'stop-protection-failed',
  'retention-not-met',
  'clock-jumped',
  // recovery
  'recovery-in-progress',
  'recovery-successful',
  'recovery-partially-successful',
  'recovery-failed',
  // store and catalog
  'store-filling',
  'volume-missing',
  'catalog-filling',
  'catalog-snapshot-failed',
  'server-read-only',
  'notice-failed',
  'verification-failed',
  'verification-overdue',
  'collection-failed',
  'compaction-failed',
  'stored-data-damaged',
  'pack-damaged',
  'manifest-damaged',
] as const

export type AlertType = (typeof ALERT_TYPES)[number]

/** From the least. */
export const ALERT_SEVERITIES = ['informational', 'warning', 'critical'] as const
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

/** `acknowledged`: seen by a person, counted on in silence. `resolved`: its cause is gone. */
export type AlertState = 'active' | 'acknowledged' | 'resolved'

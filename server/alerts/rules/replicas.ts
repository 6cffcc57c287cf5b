import type { AlertSeverity, AlertType } from '../../../core/model/alert-type.ts'
import type { ReplicaState } from '../../../core/model/state.ts'
import { sourcesInState } from '../../catalog/source-troubles.ts'
import type { AlertRule } from '../rule.ts'

interface StateRule {
  readonly type: AlertType
  readonly state: ReplicaState
  readonly severity: AlertSeverity
  readonly cause: (source: string, reason: string) => string
  readonly action: string
  readonly command?: string
}

/** States of replicas that people have to know of, in DPM's severities. */
const STATES: readonly StateRule[] = [
  {
    type: 'replica-initialization-pending',
    state: 'init-pending',
    severity: 'informational',
    cause: (source) => `${source} has no point yet: its first replica is still to come`,
    action: 'It begins at the time that its group says, or now with the command below.',
    command: 'holdfast point create {object}',
  },
  {
    type: 'replica-initialization-in-progress',
    state: 'initializing',
    severity: 'informational',
    cause: (source) => `the first replica of ${source} is being made`,
    action: 'Nothing to do; `holdfast job list` shows how far it is.',
  },
  {
    type: 'replica-manual-load-pending',
    state: 'manual-pending',
    severity: 'informational',
    cause: (source) => `${source} waits for its first replica, which somebody is to bring`,
    action:
      'Write it with `holdfast agent export-replica`, carry it over, read it with `holdfast server import-replica`; or send it over the network with the command below.',
    command: 'holdfast point create {object}',
  },
  {
    type: 'replica-missing',
    state: 'missing',
    severity: 'critical',
    cause: (source, reason) =>
      `${source} has no replica: ${reason || 'the first one was not made'}`,
    action: 'Mend the cause, then make the first point.',
    command: 'holdfast point create {object}',
  },
  {
    type: 'consistency-check-in-progress',
    state: 'checking',
    severity: 'warning',
    cause: (source) => `the replica of ${source} is being compared with its source`,
    action: 'Nothing to do: what differs is repaired. Its points can be recovered meanwhile.',
  },
]

export const replicaRules: readonly AlertRule[] = STATES.map((rule) => ({
  type: rule.type,
  find: async ({ q }) =>
    (await sourcesInState(q, rule.state)).map(({ id, name, reason }) => ({
      object: id,
      severity: rule.severity,
      cause: rule.cause(name, reason ?? ''),
      action: rule.action,
      command: rule.command ?? '',
    })),
}))

import type { AlertType } from '../../../core/model/alert-type.ts'
import { lastRecoveries, runningRecoveries, type EndedRecovery } from '../../catalog/recoveries.ts'
import type { AlertRule, Finding } from '../rule.ts'

/** Good news goes by itself; what failed stays until a later recovery succeeds, or nobody can still care. */
const GOOD_NEWS_DAYS = 3
const BAD_NEWS_DAYS = 14

export const recoveryInProgress: AlertRule = {
  type: 'recovery-in-progress',
  async find({ q }) {
    const running = await runningRecoveries(q)
    return running.map(({ job, name, requestedBy }) => ({
      object: job,
      severity: 'informational' as const,
      cause: `${requestedBy ?? 'somebody'} recovers from a point of ${name}`,
      action: `Nothing to do; \`holdfast job watch ${job}\` shows how far it is.`,
    }))
  },
}

function ended(
  type: AlertType,
  isSo: (recovery: EndedRecovery) => boolean,
  days: number,
  tell: (recovery: EndedRecovery) => Omit<Finding, 'object'>,
): AlertRule {
  return {
    type,
    find: async ({ q }) =>
      (await lastRecoveries(q, days)).filter(isSo).map((recovery) => ({
        object: recovery.source,
        occurrence: recovery.job,
        ...tell(recovery),
      })),
  }
}

const isPartial = ({ state, failedItems }: EndedRecovery) =>
  state === 'completed-with-warnings' || (state === 'completed' && failedItems > 0)

export const recoveryRules: readonly AlertRule[] = [
  recoveryInProgress,
  ended(
    'recovery-successful',
    (recovery) => recovery.state === 'completed' && !isPartial(recovery),
    GOOD_NEWS_DAYS,
    ({ name, job }) => ({
      severity: 'informational',
      cause: `a recovery from a point of ${name} is complete (${job})`,
      action: 'Nothing to do.',
    }),
  ),
  ended('recovery-partially-successful', isPartial, BAD_NEWS_DAYS, (recovery) => ({
    severity: 'warning',
    cause: `a recovery from a point of ${recovery.name} is complete in part (${recovery.job}): ${partOf(recovery)}`,
    action: `\`holdfast job show ${recovery.job}\` names what is missing. Recover that again, from an older point where this one lacks it.`,
  })),
  ended(
    'recovery-failed',
    ({ state }) => state === 'failed',
    BAD_NEWS_DAYS,
    ({ name, job, error }) => ({
      severity: 'critical',
      cause: `a recovery from a point of ${name} failed (${job}): ${error ?? 'no reason is known'}`,
      action: `Mend the cause and recover again; \`holdfast job show ${job}\` has what was asked for. What was there before is as it was.`,
    }),
  ),
]

function partOf({ warnings, failedItems }: EndedRecovery): string {
  return failedItems > 0 ? `${failedItems} items were not restored` : warnings.join('; ')
}

import { comparedDisks, runningCaptures } from '../../catalog/source-troubles.ts'
import type { AlertRule } from '../rule.ts'

const COMPARED_TIMES = 2

/** One comparison heals a lost change record; one after the other says that something keeps losing it. */
export const repeatedComparison: AlertRule = {
  type: 'repeated-comparison',
  async find({ q }) {
    const disks = await comparedDisks(q, COMPARED_TIMES)
    const sources = Map.groupBy(disks, ({ id }) => id)
    return [...sources].map(([object, of]) => ({
      object,
      severity: 'warning' as const,
      cause: `${of[0]?.name}: disk ${of.map(({ disk, reason }) => `${disk} (${reason})`).join(', ')} was read whole ${COMPARED_TIMES} times in a row though its changes are tracked`,
      action:
        'The points are right, they only take longer. The reason tells what loses the change record; docs/vm.md explains each.',
      occurrence: of[0]?.versionUid ?? '',
      command: 'holdfast source show {object}',
    }))
  },
}

/** The group wanted the guest's file systems frozen, and they were not. */
export const guestFreezeFailed: AlertRule = {
  type: 'guest-freeze-failed',
  async find({ q }) {
    const captures = await runningCaptures(q)
    return captures
      .filter(({ wanted, consistency }) => wanted !== 'crash' && consistency === 'crash')
      .map(({ id, name, wanted, warnings, versionUid }) => ({
        object: id,
        severity: 'warning' as const,
        cause: `the newest version of ${name} is crash consistent, its group wants ${wanted}${warnings.length > 0 ? `: ${warnings.join('; ')}` : ''}`,
        action:
          'Look whether the guest agent runs in the guest and its channel is declared. A group for guests without one takes `--consistency crash`.',
        occurrence: versionUid,
        command: 'holdfast point create {object}',
      }))
  },
}

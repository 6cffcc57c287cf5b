import type { TransferMode } from '../../../core/model/state.ts'
import type { Random } from '../../../core/runtime/random.ts'
import { raiseAlert } from '../../catalog/alerts.ts'
import { noteAudit, suspectPoints } from '../../catalog/audits.ts'
import type { Queryable } from '../../catalog/database.ts'
import { recordEvent } from '../../catalog/events.ts'

export interface AuditedDisk {
  readonly disk: number
  readonly name: string
  readonly transferMode: TransferMode
  readonly unreadable: readonly number[]
  /** Of a disk that was read whole beside its change record; 0 otherwise. */
  readonly missedChunks: number
}

/**
 * In the transaction that makes a version visible. A disk that was read whole is audited by that.
 * Where its change record had missed something, the points since the last audit are suspect.
 */
export async function settleAudits(
  q: Queryable,
  random: Random,
  dataSource: string,
  sequence: number,
  disks: readonly AuditedDisk[],
): Promise<void> {
  for (const disk of disks) {
    if (disk.transferMode === 'tracked' || disk.unreadable.length > 0) continue
    if (disk.missedChunks > 0) await tell(q, random, dataSource, sequence, disk)
    await noteAudit(q, disk.disk, sequence)
  }
}

async function tell(
  q: Queryable,
  random: Random,
  dataSource: string,
  sequence: number,
  { disk, name, missedChunks }: AuditedDisk,
): Promise<void> {
  const points = await suspectPoints(q, disk, sequence)
  const cause = `the change record of disk ${name} missed ${missedChunks} chunks; ${points.length} points since its last audit are suspect`
  await raiseAlert(q, random, {
    type: 'change-tracking-wrong',
    severity: 'critical',
    object: dataSource,
    cause,
    action:
      'The newest version is right again. Find out what writes to the disk beside the VM, or which bug of QEMU it is; do not rely on the suspect points.',
  })
  for (const about of points) await recordEvent(q, { kind: 'point-suspect', about, message: cause })
}

import type { TransferMode } from '../../core/model/state.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { encodePlace } from '../../core/chunk/record.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import { holdFence, type Fence } from '../catalog/fence.ts'
import { readJobSource } from '../catalog/jobs.ts'
import { upsertPlannedDisk } from '../catalog/disks.ts'
import { readAuditState } from '../catalog/audits.ts'
import { hasDamage } from '../catalog/damage.ts'
import { rivalOf } from '../catalog/rivals.ts'
import { hasStaged } from '../catalog/staged.ts'
import {
  abandonTransfer,
  findCommittedTransfer,
  findOpenTransfer,
  handTransferTo,
  insertTransfer,
  readTransferDisks,
  replaceTransferDisks,
  type NewTransferDisk,
  type TransferDisk,
  type TransferRow,
} from '../catalog/transfers.ts'
import { lockNewestVersion, readVersionDisks, type VersionDiskRow } from '../catalog/versions.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { chooseSamples } from './audit/choose-samples.ts'
import type { AuditPolicy } from './audit/policy.ts'

export interface PlannedDisk {
  readonly name: string
  readonly sizeBytes: number
  readonly format: string
  /** Uids of the versions that usable change records count from. */
  readonly trackerBases: readonly string[]
  readonly trackerReason: string
}

export interface TransferPlanning {
  readonly fence: Fence
  /** Null: the server's own job, which reads removable media. */
  readonly host: string | null
  readonly disks: readonly PlannedDisk[]
  readonly audit: AuditPolicy
  /** Why there is no base; absent: nothing was there before. */
  readonly initialReason?: string | undefined
}

export interface PlannedTransfer {
  readonly transfer: string
  readonly versionUid: string
  readonly baseUid: string
  readonly alreadyCommitted: boolean
  readonly disks: readonly PlannedTransferDisk[]
}

export interface PlannedTransferDisk extends TransferDisk {
  readonly hasMap: boolean
  /** Chunks to be read and compared although no change record names them. */
  readonly sampled: readonly number[]
  /** It is read whole although its change record is usable, which is judged by that. */
  readonly audited: boolean
}

/**
 * Decides what a transfer builds on and how each disk is read.
 *
 * 1. Refuse a run that another has replaced, and a host that does not own the data source.
 * 2. Take up what an interrupted transfer left, as long as it builds on the newest version.
 * 3. Hold the base, so that nothing deletes it meanwhile.
 * 4. Per disk: tracked only when the change record counts from exactly that base; else compared,
 *    with the reason; initial when there is nothing to compare with.
 */
export async function planTransfer(
  database: Database,
  random: Random,
  planning: TransferPlanning,
): Promise<PlannedTransfer> {
  return database.tx(async (q) => {
    const committed = await findCommittedTransfer(q, planning.fence.job)
    if (committed) return committedAlready(committed)
    await holdFence(q, planning.fence)
    const source = await readJobSource(q, planning.fence.job, planning.host)
    await refuseRunningTwice(q, source.dataSource)
    const newest = await lockNewestVersion(q, source.dataSource)
    const transfer = await openTransfer(q, random, planning, source.dataSource, newest?.id ?? null)
    const baseDisks = newest ? await readVersionDisks(q, newest.id) : []
    await planDisks(q, planning, transfer, {
      ...{ ...source, baseUid: newest?.uid ?? '', baseDisks },
      ...{ audit: planning.audit, initialReason: planning.initialReason ?? null },
    })
    const disks: PlannedTransferDisk[] = []
    for (const disk of await readTransferDisks(q, transfer.id)) {
      const asked = planning.disks[disk.ordinal]
      const isUsable = newest !== undefined && asked?.trackerBases.includes(newest.uid) === true
      disks.push({
        ...disk,
        hasMap: await hasMap(q, transfer.id, disk),
        sampled: newest ? await samplesOf(q, random, planning, disk, newest.id) : [],
        audited: isUsable && disk.transferMode === 'compared',
      })
    }
    return {
      transfer: transfer.id,
      versionUid: transfer.versionUid,
      baseUid: newest?.uid ?? '',
      alreadyCommitted: false,
      disks,
    }
  })
}

/** Two that write to one history: nobody can say which of them it is. */
async function refuseRunningTwice(q: Queryable, dataSource: string): Promise<void> {
  const rival = await rivalOf(q, dataSource)
  if (rival === undefined) return
  throw new HoldfastError('source-running-twice', `the VM runs on ${rival} at the same time`, {
    hint: 'Stop one of the two; then it is taken where the other runs.',
  })
}

function committedAlready(transfer: TransferRow): PlannedTransfer {
  const { id, versionUid } = transfer
  return { transfer: id, versionUid, baseUid: '', alreadyCommitted: true, disks: [] }
}

async function openTransfer(
  q: Queryable,
  random: Random,
  planning: TransferPlanning,
  dataSource: string,
  base: number | null,
): Promise<TransferRow> {
  const open = await findOpenTransfer(q, dataSource)
  if (open && open.base === base) {
    await handTransferTo(q, open.id, planning.fence.job)
    return open
  }
  if (open) await abandonTransfer(q, open.id)
  const fresh: TransferRow = {
    id: randomId(random, 't', 16),
    dataSource,
    state: 'open',
    versionUid: randomId(random, 'v', 20),
    base,
    job: planning.fence.job,
  }
  await insertTransfer(q, fresh)
  return fresh
}

interface PlanBase {
  readonly dataSource: string
  readonly kind: string
  readonly baseUid: string
  readonly baseDisks: readonly VersionDiskRow[]
  readonly audit: AuditPolicy
  readonly initialReason: string | null
}

async function planDisks(
  q: Queryable,
  planning: TransferPlanning,
  transfer: TransferRow,
  plan: PlanBase,
): Promise<void> {
  if (planning.disks.length === 0)
    throw new HoldfastError('source-not-protectable', 'the data source has no disk to protect', {
      hint: '`holdfast source show` lists its disks and why each is left out.',
    })
  const disks: NewTransferDisk[] = []
  for (const [ordinal, planned] of planning.disks.entries()) {
    const disk = await upsertPlannedDisk(q, plan.dataSource, planned)
    const base = plan.baseDisks.find((b) => b.disk === disk)
    const { mode, reason } = await modeOf(q, planned, plan, base)
    disks.push({
      ordinal,
      disk,
      sizeBytes: planned.sizeBytes,
      format: planned.format,
      transferMode: mode,
      transferReason: reason,
    })
  }
  const before = await readTransferDisks(q, transfer.id)
  const moved = before.some((b) => disks[b.ordinal]?.disk !== b.disk)
  // Places are counted by ordinal: with another disk set, what is staged lies elsewhere.
  if (moved) await q.query(`DELETE FROM staged WHERE transfer = $1`, [transfer.id])
  await replaceTransferDisks(q, transfer.id, disks)
}

/** The ladder: doubt means scan, and the reason is kept. */
async function modeOf(
  q: Queryable,
  planned: PlannedDisk,
  plan: PlanBase,
  base: VersionDiskRow | undefined,
): Promise<{ mode: TransferMode; reason: string | null }> {
  if (!base)
    return { mode: 'initial', reason: plan.baseUid === '' ? plan.initialReason : 'new-disk' }
  const compared = (reason: string) => ({ mode: 'compared' as const, reason })
  if (plan.kind === 'check') return compared('consistency-check')
  if (base.sizeBytes !== planned.sizeBytes) return compared('size-changed')
  if (base.format !== planned.format) return compared('format-changed')
  if (base.unreadable.length > 0) return compared('unreadable-before')
  if (await hasDamage(q, base.disk, plan.baseUid)) return compared('stored-copy-damaged')
  if (planned.trackerBases.includes(plan.baseUid)) return trusted(q, plan.audit, base.disk)
  if (planned.trackerReason !== '') return compared(planned.trackerReason)
  return compared(planned.trackerBases.length > 0 ? 'tracker-of-another-version' : 'no-tracker')
}

/** A usable record, unless it is time to see whether it tells the truth. */
async function trusted(
  q: Queryable,
  audit: AuditPolicy,
  disk: number,
): Promise<{ mode: TransferMode; reason: string | null }> {
  const { ageMs, isDistrusted } = await readAuditState(q, disk)
  if (isDistrusted) return { mode: 'compared', reason: 'audit-mismatch' }
  const isDue = audit.everyMs > 0 && (ageMs === null || ageMs >= audit.everyMs)
  if (isDue) return { mode: 'compared', reason: 'scheduled-audit' }
  return { mode: 'tracked', reason: null }
}

async function samplesOf(
  q: Queryable,
  random: Random,
  { audit }: TransferPlanning,
  disk: TransferDisk,
  base: number,
): Promise<number[]> {
  if (disk.transferMode !== 'tracked' || disk.baseSizeBytes === null) return []
  const { chunkBytes, baseSizeBytes: sizeBytes } = disk
  const of = { disk: disk.disk, version: base, sizeBytes, chunkBytes }
  return chooseSamples(q, random, of, audit.sampleShare)
}

async function hasMap(q: Queryable, transfer: string, disk: TransferDisk): Promise<boolean> {
  if (disk.transferMode === 'compared') return true
  const from = encodePlace(disk.ordinal, 0)
  return hasStaged(q, transfer, from, encodePlace(disk.ordinal + 1, 0))
}

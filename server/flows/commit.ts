import type { Consistency, TransferKind } from '../../core/model/state.ts'
import { pageCount } from '../../core/model/geometry.ts'
import { digestRoot } from '../../core/model/page-digest.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import { proveMaps } from '../catalog/commit-proof.ts'
import {
  closeTransfer,
  insertPoint,
  insertVersionDisk,
  markCommitted,
  type CommittedDisk,
} from '../catalog/commit-version.ts'
import { recordEvent } from '../catalog/events.ts'
import { holdFence, type Fence } from '../catalog/fence.ts'
import { endJob, saveProgress, type JobEnd } from '../catalog/jobs.ts'
import { insertPages, readPageDigests, type NewPage } from '../catalog/pages.ts'
import { lockNewestVersion, reserveVersion } from '../catalog/versions.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import type { JobResult } from '../catalog/job-results.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { settleAudits } from './audit/settle-audits.ts'
import { raiseMarker } from './generation.ts'
import { damageToHeal, healDamage } from './heal-damage.ts'
import { queueCheck } from './replica/queue-check.ts'
import {
  writeVersionManifest,
  type ManifestFacts,
  type WrittenManifest,
} from './version-manifest.ts'

/** One disk of a version that is ready to be committed: everything its pages name is synced. */
export interface CommitDisk extends Omit<CommittedDisk, 'digestRoot'> {
  readonly name: string
  readonly chunkBytes: number
  readonly newPages: readonly NewPage[]
  /** Chunks that differ from the base although the disk's change record did not name them. */
  readonly missedChunks?: number
}

export interface CommitRequest {
  readonly fence: Fence
  readonly dataSource: string
  readonly transfer: string
  readonly versionUid: string
  /** Version it builds on, held by the transfer; null at the initial replication. */
  readonly base: number | null
  readonly kind: TransferKind
  readonly capturedAt: string
  readonly consistency: Consistency
  readonly powerState: string
  readonly configuration: string
  /** The VM was stopped for the instant. */
  readonly paused: boolean
  readonly hasMemory: boolean
  /** Uid of the version that the source was last restored from, where it is not the one before. */
  readonly parentVersion: string | null
  /** Out of removable media: a check has to compare it with the source before it counts. */
  readonly imported?: boolean
  /** Keep the version as a recovery point. */
  readonly keep: boolean
  readonly label: string | null
  readonly expiresAt: string | null
  readonly protect: boolean
  readonly disks: readonly CommitDisk[]
  /** What the job reports besides the point. */
  readonly result: Pick<JobResult, 'check'>
  readonly warnings: readonly string[]
  readonly storedBytes: number
}

export interface CommitDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly random: Random
  readonly clock: Clock
}

export interface Committed {
  readonly version: number
  readonly sequence: number
  readonly point: string | null
}

/**
 * The order of acknowledgement, from its fourth step on; chunk bytes, syncs and rows came before.
 *
 * 1. Reserve the version's id, sequence and generation.
 * 2. Write its manifest, durable in the store, and raise the store's marker to the generation.
 * 3. One transaction: fence, pages, proof of complete maps, version, point, replica, job. After it
 *    the point exists; before it nothing does.
 * 4. The caller acknowledges.
 */
export async function commitVersion(deps: CommitDeps, request: CommitRequest): Promise<Committed> {
  const { database, store, random, clock } = deps
  const reserved = await database.tx(async (q) => {
    await holdFence(q, request.fence)
    return reserveVersion(q, request.dataSource, request.versionUid)
  })
  await failpoint('commit.after-reserve')
  const disks = await withDigestRoots(database, request)
  const point = request.keep ? randomId(random, 'p', 12) : null
  const committedAt = new Date(clock.now())
  const facts = { request, reserved, disks, point, committedAt }
  const manifest = await writeVersionManifest(deps, facts)
  await failpoint('commit.after-manifest')
  await raiseMarker(store, reserved.generation)
  await failpoint('commit.after-marker')
  await failpoint('commit.before-transaction')
  await database.tx((q) => makeVisible(q, random, { ...facts, manifest }), {
    timeoutMs: COMMIT_TIMEOUT_MS,
  })
  await failpoint('commit.after-transaction')
  return { version: reserved.id, sequence: reserved.sequence, point }
}

const COMMIT_TIMEOUT_MS = 120_000 // a proof takes up to 7 s per TiB in the worst case

export type RootedDisk = CommitDisk & { readonly digestRoot: Buffer }

async function withDigestRoots(database: Database, request: CommitRequest): Promise<RootedDisk[]> {
  const rooted: RootedDisk[] = []
  for (const disk of request.disks) {
    const pages = pageCount(disk.sizeBytes, disk.chunkBytes)
    const digests: Buffer[] = []
    if (request.base !== null)
      for (const row of await readPageDigests(database, disk.disk, request.base, pages))
        digests[row.page] = row.digest
    for (const page of disk.newPages) digests[page.page] = page.digest
    rooted.push({ ...disk, digestRoot: digestRoot(digests) })
  }
  return rooted
}

interface Visible extends ManifestFacts {
  readonly manifest: WrittenManifest
}

async function makeVisible(q: Queryable, random: Random, v: Visible): Promise<void> {
  const { request, reserved, disks } = v
  await holdFence(q, request.fence)
  const unhealed = await damageToHeal(q)
  await q.query(`SELECT 1 FROM disk WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [
    disks.map((d) => d.disk),
  ])
  await requireBase(q, request)
  for (const disk of disks) await insertPages(q, reserved.id, disk.newPages)
  await proveMaps(
    q,
    reserved.id,
    request.base,
    disks.map((d) => ({ ...d, newPages: d.newPages.length })),
  )
  await markCommitted(q, reserved.id, factsOf(v))
  for (const disk of disks) await insertVersionDisk(q, reserved.id, disk)
  await settleAudits(
    q,
    random,
    request.dataSource,
    reserved.sequence,
    disks.map((d) => ({ ...d, missedChunks: d.missedChunks ?? 0 })),
  )
  await keepPoint(q, v)
  const healing = { ...request, version: reserved.id, job: request.fence.job }
  await healDamage(q, unhealed, healing)
  await closeTransfer(q, request.transfer)
  await settleReplica(q, v)
  await endTransferJob(q, v)
  if (request.imported === true) await queueCheck(q, random, request.dataSource)
}

/** The base is still the newest: nothing was committed beside this transfer. */
async function requireBase(q: Queryable, request: CommitRequest): Promise<void> {
  const newest = await lockNewestVersion(q, request.dataSource)
  if ((newest?.id ?? null) !== request.base)
    throw new Error(`the base of transfer ${request.transfer} is not the newest version any more`)
}

function factsOf({ request, disks, manifest, committedAt }: Visible) {
  const sum = (of: (disk: RootedDisk) => number) =>
    disks.reduce((total, disk) => total + of(disk), 0)
  return {
    capturedAt: request.capturedAt,
    consistency: request.consistency,
    powerState: request.powerState,
    configuration: request.configuration,
    paused: request.paused,
    hasMemory: request.hasMemory,
    parentVersion: request.parentVersion,
    committedAt,
    sizeBytes: sum((d) => d.sizeBytes),
    changedBytes: sum((d) => d.changedBytes),
    sentBytes: sum((d) => d.sentBytes),
    storedBytes: request.storedBytes,
    manifest: manifest.name,
    manifestDigest: manifest.digest,
    previousManifest: manifest.previous,
  }
}

export function isPartial(disks: readonly { readonly unreadable: readonly number[] }[]): boolean {
  return disks.some((disk) => disk.unreadable.length > 0)
}

async function keepPoint(
  q: Queryable,
  { request, reserved, disks, point, committedAt }: Visible,
): Promise<void> {
  if (point === null) return
  const { label, expiresAt, protect } = request
  const state = isPartial(disks) ? 'partial' : 'ready'
  await insertPoint(q, request.dataSource, reserved.id, {
    id: point,
    state,
    label,
    expiresAt,
    protect,
    createdAt: committedAt,
  })
  await recordEvent(q, {
    kind: 'point-created',
    about: point,
    message: `recovery point ${point} of version ${reserved.sequence} is ${state}, ${request.consistency}`,
  })
}

async function settleReplica(q: Queryable, { request, disks }: Visible): Promise<void> {
  const reason = inconsistency(request, disks)
  await q.query(
    `UPDATE data_source SET replica_state = $2, replica_reason = $3, branch_of = NULL WHERE id = $1`,
    [request.dataSource, reason === null ? 'ok' : 'inconsistent', reason],
  )
}

/** Null where the replica is what the source was. */
function inconsistency({ imported }: CommitRequest, disks: readonly RootedDisk[]): string | null {
  if (isPartial(disks)) return 'ranges of the source could not be read'
  return imported === true ? 'it was imported, and not compared with the source yet' : null
}

async function endTransferJob(q: Queryable, v: Visible): Promise<void> {
  const { request, reserved } = v
  const partial = isPartial(v.disks)
  const bytes = v.disks.reduce((total, disk) => total + disk.sizeBytes, 0)
  const progress = { doneBytes: bytes, totalBytes: bytes, bytesPerSecond: 0 }
  await saveProgress(q, request.fence.job, request.fence.epoch, progress)
  const end: JobEnd = {
    state: partial || request.warnings.length > 0 ? 'completed-with-warnings' : 'completed',
    result: resultOf(v),
    warnings: [...request.warnings, ...(partial ? [PARTIAL_WARNING] : [])],
  }
  if (!(await endJob(q, request.fence.job, request.fence.epoch, end)))
    throw new Error(`job ${request.fence.job} ended before its commit`)
  await recordEvent(q, {
    kind: 'job-completed',
    about: request.fence.job,
    message: `version ${reserved.sequence} was committed`,
  })
}

function resultOf({ request, disks, point }: Visible): JobResult {
  return {
    ...request.result,
    ...(point === null ? {} : { point }),
    versionUid: request.versionUid,
    disks: disks.map((disk) => ({
      name: disk.name,
      transferMode: disk.transferMode,
      ...(disk.transferReason === null ? {} : { transferReason: disk.transferReason }),
      readBytes: disk.readBytes,
      sentBytes: disk.sentBytes,
      storedBytes: disk.storedBytes,
      changedBytes: disk.changedBytes,
    })),
  }
}

const PARTIAL_WARNING = 'some ranges of the source could not be read: the point is partial'

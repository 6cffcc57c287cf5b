import { HoldfastError, toFailure } from '../../core/model/error.ts'
import type { Consistency } from '../../core/model/state.ts'
import { randomId } from '../../core/runtime/random.ts'
import type { Queryable } from '../catalog/database.ts'
import { isUniqueViolation } from '../catalog/database-error.ts'
import {
  derivedKey,
  endStaleDerivation,
  findDerived,
  holdPointVersion,
  isNameTaken,
  lockOriginal,
  putDerivedDisk,
} from '../catalog/derived.ts'
import { recordEvent } from '../catalog/events.ts'
import type { Fence } from '../catalog/fence.ts'
import { claimJob, endJob, insertJob } from '../catalog/jobs.ts'
import { insertSource } from '../catalog/offered.ts'
import { getPoint, type PointView } from '../catalog/points.ts'
import { abandonTransfer, insertTransfer } from '../catalog/transfers.ts'
import { lockNewestVersion, readVersionDisks, type VersionDiskRow } from '../catalog/versions.ts'
import { commitVersion, type CommitDeps } from './commit.ts'
import { copyPages } from './derive-pages.ts'

export interface Derivation {
  /** Id of the point. */
  readonly point: string
  readonly disk: string
  readonly label: string | null
  readonly by: string
}

/**
 * Makes a point of one disk out of a point of several: no byte moves, the new map names the same
 * chunks. It belongs to a data source of its own, NAME:DISK, of kind 'derived', whose history is
 * that of what was derived; it is committed as a transfer is, so that everything works on it.
 *
 * 1. A job, a transfer, and a hold on the version that is read. 2. Copy the pages that the derived
 * data source's newest version does not have. 3. Commit. Gives the id of the new point.
 */
export async function derivePoint(deps: CommitDeps, derivation: Derivation): Promise<string> {
  const original = await getPoint(deps.database, derivation.point)
  requireWhole(original)
  const opened = await open(deps, original, derivation)
  try {
    return await commit(deps, original, derivation, opened)
  } catch (error) {
    await giveUp(deps, opened, error)
    throw error
  }
}

interface Opened {
  readonly fence: Fence
  readonly dataSource: string
  readonly transfer: string
  readonly versionUid: string
  readonly base: number | null
  readonly version: number
  readonly disk: VersionDiskRow
  /** Of the derived data source. */
  readonly diskId: number
}

function requireWhole({ id, state }: PointView): void {
  if (state === 'damaged')
    throw new HoldfastError('point-damaged', `recovery point ${id} is damaged`, {
      hint: 'Choose another point; `holdfast check` of its data source heals what it can.',
    })
}

const LEASE_MS = 10 * 60 * 1000
const JOB_HOLDER = 'derivation' // no dispatcher's: it is never handed to an agent

async function open(deps: CommitDeps, point: PointView, asked: Derivation): Promise<Opened> {
  try {
    return await deps.database.tx((q) => openIn(q, deps, point, asked))
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new HoldfastError('job-running', `disk ${asked.disk} is just being derived`, {
      hint: 'Try again in a moment.',
    })
  }
}

async function openIn(
  q: Queryable,
  { random }: CommitDeps,
  point: PointView,
  asked: Derivation,
): Promise<Opened> {
  const transfer = randomId(random, 't')
  const version = await holdPointVersion(q, point.id, transfer)
  if (version === undefined)
    throw new HoldfastError('not-found', `recovery point ${point.id} is deleted`)
  const disk = (await readVersionDisks(q, version)).find(({ name }) => name === asked.disk)
  if (!disk) throw noDisk(point, asked.disk)
  const dataSource = await derivedSource(q, randomId(random, 'source'), point, disk)
  const diskId = await putDerivedDisk(q, dataSource, disk)
  const left = await endStaleDerivation(q, dataSource)
  if (left !== undefined) await abandonTransfer(q, left)
  const base = (await lockNewestVersion(q, dataSource))?.id ?? null
  const job = randomId(random, 'j')
  await insertJob(q, {
    ...{ id: job, kind: 'recovery-point', dataSource, host: null, priority: 0 },
    request: { kind: 'point', label: asked.label ?? undefined, protect: false },
    requestedBy: asked.by,
  })
  const claimed = await claimJob(q, job, JOB_HOLDER, LEASE_MS)
  const versionUid = randomId(random, 'v', 20)
  await insertTransfer(q, { id: transfer, dataSource, versionUid, base, job })
  const fence = { job, epoch: claimed?.epoch ?? 0 }
  return { fence, dataSource, transfer, versionUid, base, version, disk, diskId }
}

function noDisk(point: PointView, name: string): HoldfastError {
  const names = point.disks.map((disk) => disk.name).join(', ')
  return new HoldfastError('not-found', `recovery point ${point.id} has no disk ${name}`, {
    hint: `It has ${names}.`,
  })
}

async function derivedSource(
  q: Queryable,
  newId: string,
  point: PointView,
  disk: VersionDiskRow,
): Promise<string> {
  const original = await lockOriginal(q, point.dataSource)
  if (!original) throw new Error(`point ${point.id} has no data source`)
  const key = derivedKey(point.dataSource, disk.name)
  const known = await findDerived(q, key)
  if (known !== undefined) return known
  const { host } = original
  let name = `${original.name}:${disk.name}`
  for (let n = 2; await isNameTaken(q, host, name); n++) name = `${original.name}:${disk.name}~${n}`
  await insertSource(q, {
    id: newId,
    host,
    key,
    name,
    kind: 'derived',
    uuid: '',
    powerState: '',
    firmware: '',
  })
  const message = `${name} is disk ${disk.name} of ${point.source}`
  await recordEvent(q, { kind: 'source-derived', about: newId, message })
  return newId
}

async function commit(
  deps: CommitDeps,
  original: PointView,
  asked: Derivation,
  opened: Opened,
): Promise<string> {
  const { disk, diskId, base, version } = opened
  const pages = await copyPages(deps.database, { ...disk, version }, { disk: diskId, base })
  const { name, chunkBytes, sizeBytes, format, unreadable } = disk
  const committed = await commitVersion(deps, {
    ...opened,
    ...{ kind: 'point', keep: true, label: asked.label, expiresAt: null, protect: false },
    capturedAt: original.capturedAt ?? '',
    consistency: original.consistency as Consistency,
    powerState: original.powerState,
    paused: original.paused,
    hasMemory: false,
    configuration: '',
    parentVersion: original.versionUid,
    disks: [
      {
        ...{ disk: diskId, ordinal: 0, name, chunkBytes, sizeBytes, format, unreadable },
        ...{ transferMode: 'derived', transferReason: null },
        ...{ readChecksum: null, storedChecksum: null },
        ...{ readBytes: 0, sentBytes: 0, storedBytes: 0, changedBytes: pages.changedBytes },
        newPages: pages.newPages,
      },
    ],
    result: {},
    warnings: [],
    storedBytes: 0,
  })
  if (committed.point === null) throw new Error('a derivation kept no point')
  return committed.point
}

/** The first error counts; what this cannot undo, the next derivation does. */
async function giveUp({ database }: CommitDeps, opened: Opened, error: unknown): Promise<void> {
  const { job, epoch } = opened.fence
  await database
    .tx(async (q) => {
      const ended = await endJob(q, job, epoch, { state: 'failed', error: toFailure(error) })
      if (ended) await abandonTransfer(q, opened.transfer)
    })
    .catch(() => {})
}

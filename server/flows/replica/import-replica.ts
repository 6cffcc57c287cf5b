import { HoldfastError } from '../../../core/model/error.ts'
import { saveProgress, type JobRow } from '../../catalog/jobs.ts'
import type { Queryable } from '../../catalog/database.ts'
import type { ReplicaImportRequest } from '../../catalog/job-requests.ts'
import { lastImportOf } from '../../catalog/replica-imports.ts'
import { setReplicas } from '../../catalog/group-members.ts'
import { readStaged } from '../../catalog/staged.ts'
import { NO_AUDIT } from '../audit/policy.ts'
import { IMPORTED, ingest, type IngestDeps } from '../ingest/ingest.ts'
import { planTransfer, type PlannedTransfer } from '../plan-transfer.ts'
import { mediaSteps } from './media-steps.ts'
import { type Media, type MediaDeps, openMedia } from './open-media.ts'

export interface ImportDeps extends IngestDeps, Omit<MediaDeps, 'database' | 'authority'> {
  /** PEM. */
  readonly authority: () => Promise<string>
}

/**
 * Makes the first replica of a data source out of removable media. It is inconsistent until a check
 * has compared it with the source; that check is queued with the commit. What was cut is taken up by
 * the next run: chunks that are staged are not stored again.
 */
export async function importReplica(
  deps: ImportDeps,
  job: JobRow,
  signal: AbortSignal,
): Promise<void> {
  const { database } = deps
  const { folder, exportId } = job.request as ReplicaImportRequest
  const media = await openMedia({ ...deps, authority: await deps.authority() }, folder)
  const { manifest } = media
  if (manifest.exportId !== exportId)
    throw new HoldfastError('media-foreign', `${folder} holds another replica by now`, {
      hint: 'Import it again.',
    })
  const isResumed = (await lastImportOf(database, job.dataSource ?? '')) === exportId
  const fence = { job: job.id, epoch: job.epoch }
  const planned = await planTransfer(database, deps.random, {
    ...{ fence, host: null, audit: NO_AUDIT, initialReason: IMPORTED },
    disks: manifest.disks.map((disk) => ({ ...disk, trackerBases: [], trackerReason: '' })),
  })
  if (planned.alreadyCommitted) return
  requireInitial(planned, media)
  await setReplicas(database, [job.dataSource ?? ''], 'initializing', null)
  const steps = mediaSteps({
    ...{ fs: deps.fs, media, signal, opening: { ...fence, transfer: planned.transfer } },
    staged: (first, last) =>
      isResumed ? stagedPlaces(database, planned.transfer, first, last) : NOTHING,
    onPart: progressOf(deps, job, media),
  })
  await ingest(deps, { hostId: null, signal }, steps)
}

const NOTHING = Promise.resolve<ReadonlySet<number>>(new Set())

function requireInitial({ baseUid, disks }: PlannedTransfer, { manifest }: Media): void {
  if (baseUid !== '') throw hasReplica(manifest.sourceName)
  for (const { ordinal, name, chunkBytes } of disks)
    if (manifest.disks[ordinal]?.chunkBytes !== chunkBytes)
      throw new HoldfastError('version-incompatible', `disk ${name} has chunks of another size`)
}

export function hasReplica(source: string): HoldfastError {
  return new HoldfastError('already-exists', `${source} has a replica already`, {
    hint: 'A check or a point brings it up to date; media are for the first replica alone.',
  })
}

async function stagedPlaces(
  q: Queryable,
  transfer: string,
  first: number,
  last: number,
): Promise<ReadonlySet<number>> {
  const staged = await readStaged(q, transfer, first, last + 1)
  return new Set([...staged].filter(([, chunk]) => chunk !== 0).map(([place]) => place))
}

function progressOf({ database, clock }: ImportDeps, { id, epoch }: JobRow, { manifest }: Media) {
  const started = clock.monotonic()
  const totalBytes = manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0)
  return (doneBytes: number) => {
    const bytesPerSecond = (doneBytes * 1000) / Math.max(clock.monotonic() - started, 1)
    // A figure that is lost is no harm: the next one says more.
    saveProgress(database, id, epoch, { doneBytes, totalBytes, bytesPerSecond }).catch(() => {})
  }
}

import { HoldfastError } from '../../core/model/error.ts'
import type { VolumeLayout } from '../../core/filesystem/browse/layout.ts'
import { groupSettingsOfJob } from '../catalog/group-options.ts'
import type { JobRow } from '../catalog/jobs.ts'
import type { Queryable } from '../catalog/database.ts'
import { readVersionConfiguration, readVersionDisks } from '../catalog/versions.ts'
import { allocatedBytes } from '../catalog/allocated.ts'
import type {
  ItemRestoreRequest,
  RestoreJobRequest,
  TransferRequest,
} from '../catalog/job-requests.ts'
import { groupRate, recoveryRate } from './group-rates.ts'
import type { PartOrder, RestoreOrder, Work } from './work.ts'

/** What the agent is told for a job that was claimed. */
export async function orderOf(q: Queryable, job: JobRow, now: number): Promise<Work> {
  if (job.kind === 'recovery') return restoreOrder(q, job, now)
  return job.kind === 'item-recovery' ? itemOrder(q, job, now) : transferOrder(q, job, now)
}

async function transferOrder(q: Queryable, job: JobRow, now: number): Promise<Work> {
  const [source] = await q.query<{
    id: string
    key: string
    present: boolean
    allowUnsettled: boolean
    bytesPerSecond: number
  }>(
    `SELECT s.id, s.key, s.present, s.allow_unsettled AS "allowUnsettled",
            h.bytes_per_second AS "bytesPerSecond"
       FROM data_source s JOIN host h ON h.id = s.host WHERE s.id = $1`,
    [job.dataSource],
  )
  if (!source) throw new HoldfastError('source-missing', 'the data source is not in the catalog')
  const request = job.request as TransferRequest
  const group = await groupSettingsOfJob(q, job.id)
  return {
    transfer: {
      job: job.id,
      epoch: job.epoch,
      source: source.id,
      sourceKey: source.key,
      kind: request.kind,
      allowUnsettled: source.allowUnsettled,
      bytesPerSecond: source.bytesPerSecond,
      excludeDisks: [...(group?.excludeDisks ?? [])],
      jobBytesPerSecond: group ? groupRate(group, now) : 0,
      preScript: group?.preScript ?? '',
      postScript: group?.postScript ?? '',
      consistency: request.consistency ?? '',
      fallback: request.fallback ?? '',
      memory: request.memory ?? false,
    },
  }
}

/** What is about to be overwritten was to be kept first. */
async function requireSafetyPoint(q: Queryable, { after }: RestoreJobRequest): Promise<void> {
  if (after === undefined) return
  const [job] = await q.query<{ state: string; error: { message?: string } | null }>(
    `SELECT state, error FROM job WHERE id = $1`,
    [after],
  )
  if (job?.state.startsWith('completed') === true) return
  const why = job?.error?.message ?? job?.state ?? 'its job is gone'
  throw new HoldfastError(
    'safety-point-failed',
    `no point of the VM as it is now was made: ${why}`,
    {
      hint: 'Nothing was touched. With --no-safety-point it is overwritten all the same.',
    },
  )
}

/** Holds the version for the job, so that nothing deletes it while it is read. */
async function restoreOrder(q: Queryable, job: JobRow, now: number): Promise<Work> {
  const request = job.request as RestoreJobRequest
  await requireSafetyPoint(q, request)
  const point = await holdPoint(q, job, request.point)
  const all = await readVersionDisks(q, point.version)
  const disks: RestoreOrder['disks'] = []
  for (const disk of all.filter(({ name }) => request.disks.includes(name))) {
    const { ordinal, name, sizeBytes, chunkBytes, format: sourceFormat } = disk
    const allocated = await allocatedBytes(q, disk, point.version)
    const format = request.formats?.[name]
    const size = { sizeBytes, chunkBytes, allocatedBytes: allocated }
    disks.push({
      ...{ ordinal, name, sourceFormat, ...size },
      ...(format === undefined ? {} : { targetFormat: format }),
    })
  }
  return {
    restore: {
      job: job.id,
      epoch: job.epoch,
      point: request.point,
      original: request.original,
      sourceKey: request.original ? point.key : '',
      folder: request.folder ?? '',
      name: request.name ?? '',
      format: request.format,
      preallocate: request.preallocate,
      evenIfOpen: request.evenIfOpen,
      bytesPerSecond: recoveryRate(request, now),
      disks: request.part ? [] : disks,
      ...(request.part ? { part: partOrder(request.part, disks) } : {}),
      ...(await machineOrder(q, request, point.version)),
    },
  }
}

function partOrder(layout: VolumeLayout, disks: RestoreOrder['disks']): PartOrder {
  const { name, sizeBytes, partition } = layout
  const pieces = layout.pieces.map(({ disk, ...piece }) => {
    const ordinal = disks.find((one) => one.name === disk)?.ordinal
    if (ordinal === undefined) throw new Error(`the point has no disk ${disk}`)
    return { ordinal, ...piece }
  })
  return { name, sizeBytes, disks, pieces, ...(partition ? { partition } : {}) }
}

async function machineOrder(
  q: Queryable,
  { machine }: RestoreJobRequest,
  version: number,
): Promise<Pick<RestoreOrder, 'configuration' | 'machine'>> {
  if (!machine) return {}
  const { uuid, keepsIdentity, networks, cpus, memoryBytes, discardMemory, start } = machine
  return {
    configuration: JSON.stringify(await readVersionConfiguration(q, version)),
    machine: {
      ...{ uuid, keepsIdentity, discardMemory, networks: [...networks] },
      ...{ cpus: cpus ?? 0, memoryBytes: memoryBytes ?? 0 },
      start: start === undefined ? '' : start ? 'yes' : 'no',
    },
  }
}

async function itemOrder(q: Queryable, job: JobRow, now: number): Promise<Work> {
  const request = job.request as ItemRestoreRequest
  const { folder, resultFolder, onConflict, owners, special } = request
  const bytesPerSecond = recoveryRate(request, now)
  await holdPoint(q, job, request.point)
  const items = { folder, resultFolder, onConflict, owners, special, bytesPerSecond }
  return { items: { job: job.id, epoch: job.epoch, ...items } }
}

async function holdPoint(
  q: Queryable,
  job: JobRow,
  id: string,
): Promise<{ version: number; key: string }> {
  const [point] = await q.query<{ version: number | null; state: string; key: string }>(
    `SELECT p.version, p.state, s.key FROM recovery_point p JOIN data_source s ON s.id = p.data_source
      WHERE p.id = $1 FOR SHARE OF p`,
    [id],
  )
  if (!point?.version || point.state === 'deleted')
    throw new HoldfastError('not-found', `recovery point ${id} was deleted`)
  await q.query(`INSERT INTO hold (version, holder) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    point.version,
    job.id,
  ])
  return { version: point.version, key: point.key }
}

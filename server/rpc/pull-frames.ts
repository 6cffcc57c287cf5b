import type { PackSlice, ServePool } from '../../core/chunk/serve-pool.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import type { DamagedRecord } from '../../core/chunk/expected.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkCount } from '../../core/model/geometry.ts'
import { FRAME_PREFIX_BYTES, type PullFrameOut } from '../../core/wire/frame.ts'
import type { Database } from '../catalog/database.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'
import { findMovedRegion } from '../flows/moved-region.ts'
import { openPull } from '../flows/open-pull.ts'
import {
  pullDisk,
  rangeRoot,
  type ChunkRange,
  type PackRegion,
  type PullStep,
} from '../flows/pull.ts'
import { recordDamage } from '../flows/record-damage.ts'
import type { ChunkStore } from '../store/chunk-store.ts'

export interface PullDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly pool: ServePool
}

export const SERVE_OPTIONS = { headroomBytes: FRAME_PREFIX_BYTES, frameBytes: 1024 * 1024 }

/** Reads that are under way while earlier frames are sent. */
const AHEAD = 4

interface PullRequest {
  readonly job: string
  readonly epoch: number
  readonly ordinal: number
  readonly fromChunk: number
  /** Both absent: the whole disk. */
  readonly firstChunk?: number | undefined
  readonly endChunk?: number | undefined
  readonly have?: Buffer | undefined
}

type Prepared = { frame: PullFrameOut; release: () => void; records: number }

/** Streams one disk of the point that a recovery job is about: checked, in order, compressed. */
export async function* pullFrames(
  deps: PullDeps,
  host: string,
  request: PullRequest,
): AsyncIterable<PullFrameOut> {
  const { version, disk } = await openPull(deps.database, host, request)
  const chunks = chunkCount(disk.sizeBytes, disk.chunkBytes)
  const range = rangeOf(request, chunks)
  const waiting: Promise<Prepared>[] = []
  let records = 0
  for await (const step of pullDisk(deps.database, version, disk, request.fromChunk, range)) {
    if ('page' in step) continue
    waiting.push(prepare(deps, version, disk, step))
    if (waiting.length < AHEAD) continue
    records += yield* send(waiting.shift())
  }
  while (waiting.length > 0) records += yield* send(waiting.shift())
  const digestRoot = range ? await rangeRoot(deps.database, version, disk, range) : disk.digestRoot
  yield { end: { chunks, records, digestRoot } }
}

function rangeOf(
  { firstChunk, endChunk, fromChunk, have }: PullRequest,
  chunks: number,
): ChunkRange | undefined {
  if (!endChunk) return undefined
  const first = firstChunk ?? 0
  const range = { first, end: endChunk, have: have?.length ? have : undefined }
  const isWhole = !range.have || range.have.length === (endChunk - first) * DIGEST_BYTES
  if (isWhole && first <= fromChunk && fromChunk <= range.end && range.end <= chunks) return range
  throw new HoldfastError(
    'protocol-violation',
    `chunks ${range.first} to ${range.end} of ${chunks}`,
  )
}

async function* send(next: Promise<Prepared> | undefined): AsyncGenerator<PullFrameOut, number> {
  const prepared = await next
  if (!prepared) return 0
  yield prepared.frame
  prepared.release()
  return prepared.records
}

type DataStep = Exclude<PullStep, { page: unknown }>

function prepare(
  deps: PullDeps,
  version: number,
  disk: VersionDiskRow,
  step: DataStep,
): Promise<Prepared> {
  if ('region' in step) return awaited(serve(deps, version, disk, step.region))
  const runs = [runOf(step)]
  return Promise.resolve({
    frame: { runs: { ordinal: disk.ordinal, runs } },
    release: () => {},
    records: 0,
  })
}

function runOf(step: Exclude<DataStep, { region: unknown }>) {
  if ('zeros' in step) return { kind: 'ZERO' as const, ...step.zeros }
  if ('same' in step) return { kind: 'BASE' as const, ...step.same }
  return { kind: 'UNREADABLE' as const, ...step.unreadable }
}

/** Met where it is awaited, in its turn. */
function awaited(prepared: Promise<Prepared>): Promise<Prepared> {
  prepared.catch(() => {})
  return prepared
}

async function serve(
  deps: PullDeps,
  version: number,
  disk: VersionDiskRow,
  region: PackRegion,
): Promise<Prepared> {
  const slices = region.slices.map(({ packName: name, volume, offset, length }): PackSlice => ({
    length,
    read: (into) => deps.store.readPack({ name, volume }, offset, into),
  }))
  const served = await deps.pool.serve(slices, region.expected, region.places)
  if (served.damaged.length > 0) {
    served.release()
    const moved = await findMovedRegion(deps.database, region)
    if (moved) return serve(deps, version, disk, moved)
    throw await refuse(deps, version, disk, region, served.damaged)
  }
  return {
    frame: { records: served.frame },
    release: () => served.release(),
    records: region.places.length,
  }
}

/** Wrong bytes are never handed out: what is damaged is recorded, and named. */
async function refuse(
  deps: PullDeps,
  version: number,
  disk: VersionDiskRow,
  region: PackRegion,
  damaged: readonly DamagedRecord[],
): Promise<HoldfastError> {
  const chunks = damaged.map(({ index }) => region.expected.chunks[index] ?? 0)
  const { points } = await recordDamage(deps.database, {
    chunks,
    foundBy: 'recovery',
    cause: damaged[0]?.reason ?? 'damaged',
  })
  const first = damaged[0]
  const { index } = decodePlace(region.places[first?.index ?? 0] ?? 0)
  const offset = index * disk.chunkBytes
  return new HoldfastError(
    'chunk-damaged',
    `disk ${disk.name}: the stored bytes at offset ${offset} are damaged (${first?.reason ?? ''}); points: ${points.join(', ')}`,
    {
      hint: 'Run `holdfast check` on the source: what it still has is sent anew. `holdfast verify` lists all damage.',
      details: { disk: disk.name, offset, points, version },
    },
  )
}

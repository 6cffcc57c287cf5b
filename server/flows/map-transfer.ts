import { HoldfastError } from '../../core/model/error.ts'
import { encodePlace } from '../../core/chunk/record.ts'
import { segmentOf } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { PAGE_CHUNKS, pageCount, pageEntries } from '../../core/model/geometry.ts'
import { holdFence, type Fence } from '../catalog/fence.ts'
import { readJobSource } from '../catalog/jobs.ts'
import { hasStaged, readStaged } from '../catalog/staged.ts'
import { readTransfer, readTransferDisks, type TransferDisk } from '../catalog/transfers.ts'
import type { Database } from '../catalog/database.ts'
import { BasePages } from './base-pages.ts'
import { SegmentCache } from './segment-cache.ts'

/** What an agent may compare its own chunks with: 1,024 at a time. */
export interface ComparablePage {
  readonly page: number
  readonly baseDigests: Buffer
  readonly stagedPositions: readonly number[]
  readonly stagedDigests: Buffer
}

const NOTHING = Buffer.alloc(0)
const NOTHING_STAGED = { stagedPositions: [], stagedDigests: NOTHING }

/** Of the pages that have nothing to compare with, one in so many goes out: a sign of life. */
const SIGN_OF_LIFE = 64

/** Of these is what equals no digest: the chunk must be sent (it is damaged here, or the base lacks it). */
const NO_DIGEST_BYTE = 0xff

/**
 * Streams, page by page, the digests of the base and of what is staged; pages without any are left out.
 * Only of the job's own
 * transfer: nobody learns of anybody else's chunks.
 */
export async function* mapTransfer(
  database: Database,
  request: { host: string; fence: Fence; transfer: string; ordinal: number },
): AsyncIterable<ComparablePage> {
  await database.tx(async (q) => {
    await holdFence(q, request.fence)
    await readJobSource(q, request.fence.job, request.host)
  })
  const transfer = await readTransfer(database, request.transfer, request.fence.job)
  const disks = transfer ? await readTransferDisks(database, transfer.id) : []
  const disk = disks.find((d) => d.ordinal === request.ordinal)
  if (!transfer || !disk)
    throw new HoldfastError(
      'not-found',
      `transfer ${request.transfer} has no disk ${request.ordinal}`,
    )
  const segments = new SegmentCache(database)
  const base = basePagesOf(database, transfer.base, disk, segments)
  const pages = pageCount(disk.sizeBytes, disk.chunkBytes)
  const places = [encodePlace(disk.ordinal, 0), encodePlace(disk.ordinal + 1, 0)] as const
  const isResumed = await hasStaged(database, transfer.id, ...places)
  for (let page = 0; page < pages; page++) {
    const entries = pageEntries(page, disk.sizeBytes, disk.chunkBytes)
    const comparable = {
      page,
      baseDigests: base ? await baseDigests(base, segments, page, entries) : NOTHING,
      ...(isResumed
        ? await stagedDigests(database, segments, transfer.id, disk.ordinal, page)
        : NOTHING_STAGED),
    }
    if (hasDigests(comparable) || page % SIGN_OF_LIFE === 0) yield comparable
  }
}

function hasDigests({ baseDigests, stagedDigests }: ComparablePage): boolean {
  return baseDigests.length > 0 || stagedDigests.length > 0
}

/** The base's map of a disk, when it has one. */
export function basePagesOf(
  database: Database,
  base: number | null,
  disk: TransferDisk,
  segments: SegmentCache,
): BasePages | undefined {
  if (base === null || disk.baseSizeBytes === null) return undefined
  const { chunkBytes } = disk
  return new BasePages(
    database,
    { disk: disk.disk, version: base, sizeBytes: disk.baseSizeBytes, chunkBytes },
    segments,
  )
}

async function baseDigests(
  base: BasePages,
  segments: SegmentCache,
  page: number,
  entries: number,
): Promise<Buffer> {
  const stored = await base.page(page)
  // Zeros match nothing: most of a large sparse disk has nothing to compare with.
  if (!stored || stored.isZero) return NOTHING
  const digests = Buffer.alloc(entries * DIGEST_BYTES, NO_DIGEST_BYTE)
  segments.copyDigests(stored.ids.slice(0, entries), digests)
  return digests
}

async function stagedDigests(
  database: Database,
  segments: SegmentCache,
  transfer: string,
  ordinal: number,
  page: number,
): Promise<{ stagedPositions: number[]; stagedDigests: Buffer }> {
  const from = encodePlace(ordinal, page * PAGE_CHUNKS)
  const staged = await readStaged(database, transfer, from, from + PAGE_CHUNKS)
  await segments.load([...staged.values()].filter((id) => id !== 0).map(segmentOf))
  const positions: number[] = []
  const digests: Buffer[] = []
  for (const [place, id] of staged) {
    const digest = segments.digestOf(id)
    if (!digest || id === 0) continue
    positions.push(place - from)
    digests.push(digest)
  }
  return { stagedPositions: positions, stagedDigests: Buffer.concat(digests) }
}

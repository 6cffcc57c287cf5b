import { crc32 } from 'node:zlib'
import type { ExpectedRecords } from '../../core/chunk/expected.ts'
import { RECORD_HEADER_BYTES } from '../../core/chunk/record.ts'
import type { VerifyPool } from '../../core/chunk/serve-pool.ts'
import { chunkId, type ChunkId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { SegmentInPack } from '../catalog/verification.ts'
import type { ChunkStore, IndexedRecord, PackPlace } from '../store/chunk-store.ts'

export interface PackFinding {
  readonly checkedChunks: number
  /** Stored bytes of the records. */
  readonly checkedBytes: number
  readonly damaged: readonly DamagedChunk[]
  /** What is wrong with the pack's own header, footer or trailer; its chunks may be whole. */
  readonly packDamage: string | undefined
}

export interface DamagedChunk {
  readonly chunk: ChunkId
  readonly reason: string
}

/** One record as the catalog knows it. */
interface KnownRecord {
  readonly chunk: ChunkId
  readonly offset: number
  readonly storedLength: number
  readonly codec: number
  readonly digest: Buffer
}

interface Deps {
  readonly store: ChunkStore
  readonly pool: VerifyPool
}

const REGION_BYTES = 1024 * 1024

/**
 * Reads a pack forward, in pieces of 1 MiB, and proves every chunk that the catalog expects in it:
 * header as it was written, stored bytes decompress, plain bytes hash to the catalog's digest. What
 * fails is read a second time, alone, before it counts as damage.
 */
export async function verifyPack(
  deps: Deps,
  place: PackPlace,
  segments: readonly SegmentInPack[],
): Promise<PackFinding> {
  const index = await readIndex(deps.store, place)
  const records = segments.flatMap(recordsOf).sort((a, b) => a.offset - b.offset)
  const check = (region: readonly KnownRecord[]) => verifyRegion(deps, place, index, region)
  const first = await Promise.all([...regionsOf(records)].map(check))
  const again = await Promise.all(first.flat().map(({ record }) => check([record])))
  return {
    checkedChunks: records.length,
    checkedBytes: records.reduce((sum, r) => sum + RECORD_HEADER_BYTES + r.storedLength, 0),
    damaged: again.flat().map(({ record, reason }) => ({ chunk: record.chunk, reason })),
    packDamage: index.damage,
  }
}

interface Index {
  readonly records: ReadonlyMap<ChunkId, IndexedRecord>
  readonly damage: string | undefined
}

async function readIndex(store: ChunkStore, place: PackPlace): Promise<Index> {
  try {
    const { records, damage } = await store.readPackIndex(place)
    return { records: new Map(records.map((record) => [record.chunk, record])), damage }
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'pack-damaged') throw error
    return { records: new Map(), damage: error.message }
  }
}

function recordsOf(segment: SegmentInPack): KnownRecord[] {
  const records: KnownRecord[] = []
  let offset = segment.baseOffset
  for (let position = 0; position < segment.count; position++) {
    const length = segment.lengths.readUInt32LE(position * 4)
    if (length === 0) continue // dropped by compaction
    const storedLength = length >>> 8
    records.push({
      chunk: chunkId(segment.id, position),
      offset,
      storedLength,
      codec: length & 0xff,
      digest: segment.digests.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES),
    })
    offset += RECORD_HEADER_BYTES + storedLength
  }
  return records
}

/** Neighbours that fit a region. */
function* regionsOf(records: readonly KnownRecord[]): Generator<KnownRecord[]> {
  let region: KnownRecord[] = []
  for (const record of records) {
    const [start] = region
    const last = region.at(-1)
    if (start && last) {
      const fits = endOf(record) - start.offset <= REGION_BYTES
      if (!fits || endOf(last) !== record.offset) {
        yield region
        region = []
      }
    }
    region.push(record)
  }
  if (region.length > 0) yield region
}

function endOf(record: KnownRecord): number {
  return record.offset + RECORD_HEADER_BYTES + record.storedLength
}

interface Difference {
  readonly record: KnownRecord
  readonly reason: string
}

async function verifyRegion(
  { store, pool }: Deps,
  place: PackPlace,
  index: Index,
  region: readonly KnownRecord[],
): Promise<Difference[]> {
  const [first] = region
  const last = region.at(-1)
  if (!first || !last) return []
  const expected = expectedOf(region)
  const headers = new Map<KnownRecord, string>()
  const read = async (into: Buffer): Promise<void> => {
    await readRecords(store, place, region, into)
    for (const [i, record] of region.entries()) {
      const at = record.offset - first.offset
      const header = into.subarray(at, at + RECORD_HEADER_BYTES)
      // The catalog does not have it; whether it is true the digest shows.
      expected.plainLengths[i] = header.readUInt32LE(PLAIN_LENGTH_AT)
      const known = index.records.get(record.chunk)
      const written = known?.offset === record.offset && known.headerCrc32 === crc32(header)
      // Without a footer nothing is known of headers but what the worker checks.
      if (!written && index.damage === undefined)
        headers.set(record, 'its header is not as it was written')
    }
  }
  const found = await pool.verify([{ length: endOf(last) - first.offset, read }], expected)
  const byRecord = new Map<KnownRecord, string>(headers)
  for (const { index: i, reason } of found) {
    const record = region[i]
    if (record) byRecord.set(record, reason)
  }
  return [...byRecord].map(([record, reason]) => ({ record, reason }))
}

const PLAIN_LENGTH_AT = 8

/** All at once or, where that fails, one by one: what cannot be read stays zero. */
async function readRecords(
  store: ChunkStore,
  place: PackPlace,
  region: readonly KnownRecord[],
  into: Buffer,
): Promise<void> {
  const start = region[0]?.offset ?? 0
  if (await tryRead(store, place, start, into)) return
  into.fill(0)
  for (const record of region) {
    const part = into.subarray(record.offset - start, endOf(record) - start)
    if (!(await tryRead(store, place, record.offset, part))) part.fill(0)
  }
}

async function tryRead(
  store: ChunkStore,
  place: PackPlace,
  offset: number,
  into: Buffer,
): Promise<boolean> {
  try {
    await store.readPack(place, offset, into)
    return true
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'pack-damaged') return false
    throw error // the store is not there: that proves nothing about its chunks
  }
}

function expectedOf(region: readonly KnownRecord[]): ExpectedRecords {
  const start = region[0]?.offset ?? 0
  return {
    offsets: Uint32Array.from(region, (r) => r.offset - start),
    chunks: Float64Array.from(region, (r) => r.chunk),
    storedLengths: Uint32Array.from(region, (r) => r.storedLength),
    plainLengths: new Uint32Array(region.length),
    codecs: Uint8Array.from(region, (r) => r.codec),
    digests: Buffer.concat(region.map((r) => r.digest)),
  }
}

import { chunkId, positionOf, segmentOf, type SegmentId } from '../../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../../core/model/digest.ts'
import { RECORD_HEADER_BYTES } from '../../../core/chunk/record.ts'
import { insertDamage } from '../../catalog/damage.ts'
import { insertHooks } from '../../catalog/hooks.ts'
import {
  packsOfSegments,
  upsertPack,
  upsertSegments,
  type RebuiltSegment,
} from '../../catalog/rebuild.ts'
import type { Database } from '../../catalog/database.ts'
import type { ChunkStore, IndexedRecord, PackIndex } from '../../store/chunk-store.ts'

export interface RebuiltPacks {
  packs: number
  segments: number
  chunks: number
  generation: number
  readonly warnings: string[]
}

interface Claim {
  readonly pack: string
  readonly records: number
  readonly generation: number
}

/**
 * Packs and segments from what the packs say of themselves. A segment that two packs have, as an
 * interrupted compaction leaves it, is taken from the one that has more of its chunks, else from
 * the later one: whatever a version may name is in it.
 */
export async function rebuildPacks(
  { database, store }: { database: Database; store: ChunkStore },
  onPack: (done: number) => void,
): Promise<RebuiltPacks> {
  const rebuilt: RebuiltPacks = { packs: 0, segments: 0, chunks: 0, generation: 0, warnings: [] }
  const claims = await claimSegments(store, rebuilt)
  let done = 0
  for await (const place of store.listPacks()) {
    const index = await store.readPackIndex(place)
    await insertPack(database, index, claims, rebuilt)
    onPack(++done)
  }
  return rebuilt
}

/** First pass: who has what. One entry a segment is 8,192 of them a TiB. */
async function claimSegments(
  store: ChunkStore,
  rebuilt: RebuiltPacks,
): Promise<Map<SegmentId, Claim>> {
  const claims = new Map<SegmentId, Claim>()
  for await (const place of store.listPacks()) {
    const { records, generation, damage } = await store.readPackIndex(place)
    if (damage !== undefined) rebuilt.warnings.push(`pack ${place.name}: ${damage}`)
    for (const [id, members] of bySegment(records)) {
      const claim = { pack: place.name, records: members.length, generation }
      const other = claims.get(id)
      if (!other || isBetter(claim, other)) claims.set(id, claim)
    }
  }
  return claims
}

function isBetter(a: Claim, b: Claim): boolean {
  return a.records === b.records ? a.generation > b.generation : a.records > b.records
}

async function insertPack(
  database: Database,
  index: PackIndex,
  claims: ReadonlyMap<SegmentId, Claim>,
  rebuilt: RebuiltPacks,
): Promise<void> {
  const { place, bytes, firstSegment, generation, damage } = index
  const segments: RebuiltSegment[] = []
  for (const [id, records] of bySegment(index.records)) {
    if (claims.get(id)?.pack !== place.name) continue
    const segment = segmentOfRecords(id, records)
    if (segment) segments.push(segment)
    else rebuilt.warnings.push(`pack ${place.name}: the records of segment ${id} are not in a row`)
  }
  // Never condemned for what could not be read: only a whole pack whose segments lie elsewhere is.
  const spare = segments.length === 0 && damage === undefined && index.records.length > 0
  const state = damage !== undefined ? 'damaged' : spare ? 'condemned' : 'sealed'
  const ids = segments.map(({ id }) => id)
  const lost = index.records.filter((record) => record.damage !== undefined)
  await database.tx(async (q) => {
    // Where the catalog has a place that the store confirms, it knows better: holes, for one.
    const known = await packsOfSegments(q, ids)
    const fresh = segments.filter(({ id }) => known.get(id) !== place.name)
    const pack = await upsertPack(q, { ...place, state, firstSegment, bytes, generation })
    const inserted = new Set(await upsertSegments(q, pack, fresh))
    const hooked = fresh.filter(({ id }) => inserted.has(id))
    await insertHooks(q, hooked)
    const chunks = lost.map(({ chunk }) => chunk)
    if (chunks.length > 0) await insertDamage(q, chunks, 'rebuild', lost[0]?.damage ?? 'damaged')
  })
  rebuilt.packs++
  rebuilt.segments += segments.length
  rebuilt.chunks += index.records.length
  rebuilt.generation = Math.max(rebuilt.generation, generation)
}

function bySegment(records: readonly IndexedRecord[]): Map<SegmentId, IndexedRecord[]> {
  const segments = new Map<SegmentId, IndexedRecord[]>()
  for (const record of records) {
    const id = segmentOf(record.chunk)
    const members = segments.get(id)
    if (members) members.push(record)
    else segments.set(id, [record])
  }
  return segments
}

/** The catalog's row: records in a row, positions rising, holes where compaction dropped some. */
export function segmentOfRecords(
  id: SegmentId,
  records: readonly IndexedRecord[],
): RebuiltSegment | undefined {
  const count = positionOf(records.at(-1)?.chunk ?? 0) + 1
  const baseOffset = records[0]?.offset ?? 0
  const digests = Buffer.alloc(count * DIGEST_BYTES)
  const lengths = Buffer.alloc(count * 4)
  let at = baseOffset
  let last = -1
  for (const { chunk, offset, storedLength, codec, digest } of records) {
    const position = positionOf(chunk)
    if (offset !== at || position <= last || chunk !== chunkId(id, position)) return undefined
    digest.copy(digests, position * DIGEST_BYTES)
    lengths.writeUInt32LE(storedLength * 256 + codec, position * 4)
    at += RECORD_HEADER_BYTES + storedLength
    last = position
  }
  const holes = records.length === count ? null : holesOf(lengths)
  return { id, baseOffset, count, digests, lengths, holes }
}

function holesOf(lengths: Buffer): string {
  let holes = ''
  for (let at = 0; at < lengths.length; at += 4) holes += lengths.readUInt32LE(at) === 0 ? '1' : '0'
  return holes
}

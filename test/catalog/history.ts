import { RECORD_OFFSETS } from '../../core/chunk/record.ts'
import { DIGEST_BYTES, digestOf } from '../../core/model/digest.ts'
import { chunkLength, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import {
  compressPage,
  decodeRun,
  encodeRun,
  expandPage,
  pageSegments,
} from '../../core/model/map-page.ts'
import { pageDigest } from '../../core/model/page-digest.ts'
import { segmentOf, type ChunkId } from '../../core/model/chunk-id.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Database } from '../../server/catalog/database.ts'
import { holdFence, type Fence } from '../../server/catalog/fence.ts'
import { claimJob, insertJob } from '../../server/catalog/jobs.ts'
import { readPages, type NewPage } from '../../server/catalog/pages.ts'
import {
  abandonTransfer,
  findOpenTransfer,
  handTransferTo,
  insertTransfer,
  type TransferRow,
} from '../../server/catalog/transfers.ts'
import { lockNewestVersion } from '../../server/catalog/versions.ts'
import { commitVersion } from '../../server/flows/commit.ts'
import { PackFiller } from '../../server/flows/ingest/pack-filler.ts'
import { rememberedSegments, Reuse } from '../../server/flows/ingest/reuse.ts'
import { SegmentCache } from '../../server/flows/segment-cache.ts'
import type { ChunkStore, PackWriter } from '../../server/store/chunk-store.ts'
import { chunkBytes, recordOf } from '../store/records.ts'
import { storeWith } from './store-with.ts'

/** Small, so that a disk of several pages is a matter of a MiB. */
export const CHUNK = 512
const SHORT_BY = 100 // bytes that the last chunk of every disk lacks

/** A disk's content: a number a chunk, 0 for zeros; equal numbers are equal bytes. */
export type Content = readonly number[]

export interface HistorySource {
  readonly id: string
  readonly disk: number
}

export interface Committed {
  readonly version: number
  readonly uid: string
  readonly point: string | null
}

/** Called between the steps of a transfer: a test dies, waits or looks there. */
export type Pause = (step: 'planned' | 'stored' | 'flushed') => Promise<void>

const goOn: Pause = async () => {}

/** Data sources of one disk each, with transfers through the real statements and the real store. */
export class History {
  readonly database: Database
  readonly store: ChunkStore
  readonly #writers: PackWriter[] = []
  #count = 0

  constructor(database: Database, store: ChunkStore) {
    this.database = database
    this.store = storeWith(store, {
      createPack: async (announcement) => {
        const writer = await store.createPack(announcement)
        this.#writers.push(writer)
        return writer
      },
    })
  }

  /** Closes the files of transfers that died. */
  async end(): Promise<void> {
    for (const writer of this.#writers) await writer.abandon()
  }

  async begin(): Promise<void> {
    await this.database.query(
      `INSERT INTO host (id, name) VALUES ('host-1', 'alpha') ON CONFLICT DO NOTHING`,
    )
    for (const { uid, path } of await this.store.volumes())
      await this.database.query(`INSERT INTO volume (uid, path) VALUES ($1, $2)`, [uid, path])
  }

  async addSource(): Promise<HistorySource> {
    const id = `ds-${++this.#count}`
    await this.database.query(
      `INSERT INTO data_source (id, host, key, name, kind) VALUES ($1, 'host-1', $1, $1, 'image')`,
      [id],
    )
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO disk (data_source, name, chunk_bytes) VALUES ($1, 'disk', $2) RETURNING id`,
      [id, CHUNK],
    )
    return { id, disk: row!.id }
  }

  /** A job that runs, for a transfer (`source`) or for the server. */
  async startJob(
    kind: 'recovery-point' | 'collection' | 'compaction',
    source?: string,
  ): Promise<Fence> {
    const id = `job-${++this.#count}`
    await insertJob(this.database, {
      id,
      kind,
      dataSource: source ?? null,
      host: null,
      request: {},
      priority: 0,
      requestedBy: 'test',
    })
    return this.claim(id)
  }

  async claim(id: string): Promise<Fence> {
    const row = await claimJob(this.database, id, 'test', 60_000)
    if (!row) throw new Error(`job ${id} is not queued`)
    return { job: id, epoch: row.epoch }
  }

  /** One transfer: everything that differs from the base is found in the store or stored. */
  async transfer(
    source: HistorySource,
    content: Content,
    options: { fence?: Fence; keep?: boolean; pause?: Pause } = {},
  ): Promise<Committed> {
    const { pause = goOn, keep = true } = options
    const fence = options.fence ?? (await this.startJob('recovery-point', source.id))
    const transfer = await this.#plan(source, fence)
    await pause('planned')
    const { newPages, storedBytes } = await this.#store(source, content, transfer, fence, pause)
    await pause('flushed')
    const committed = await commitVersion(
      { database: this.database, store: this.store, random: systemRandom, clock: systemClock },
      {
        ...COMMIT,
        fence,
        dataSource: source.id,
        transfer: transfer.id,
        versionUid: transfer.versionUid,
        base: transfer.base,
        keep,
        storedBytes,
        disks: [{ ...COMMIT_DISK, disk: source.disk, sizeBytes: sizeOf(content), newPages }],
      },
    )
    return { version: committed.version, uid: transfer.versionUid, point: committed.point }
  }

  #plan(source: HistorySource, fence: Fence): Promise<TransferRow> {
    return this.database.tx(async (q) => {
      await holdFence(q, fence)
      const base = (await lockNewestVersion(q, source.id))?.id ?? null
      const open = await findOpenTransfer(q, source.id)
      if (open && open.base === base) {
        await handTransferTo(q, open.id, fence.job)
        return open
      }
      if (open) await abandonTransfer(q, open.id)
      const n = `${source.id}-${++this.#count}`
      const fresh = {
        id: `t-${n}`,
        dataSource: source.id,
        versionUid: `v-${n}`,
        base,
        job: fence.job,
      }
      await insertTransfer(q, fresh)
      return { ...fresh, state: 'open' as const }
    })
  }

  async #store(
    source: HistorySource,
    content: Content,
    transfer: TransferRow,
    fence: Fence,
    pause: Pause,
  ): Promise<{ newPages: NewPage[]; storedBytes: number }> {
    const { database, store } = this
    const filler = new PackFiller({
      database,
      store,
      random: systemRandom,
      fence,
      transfer: transfer.id,
      generation: 0,
    })
    const reuse = new Reuse(database, fence, transfer.id, rememberedSegments())
    const digests = digestsOf(content)
    await reuse.prepare(Buffer.concat(digests.filter((digest) => digest !== ZERO)))
    const base = await this.#baseMap(source, transfer.base)
    const ids: ChunkId[] = []
    for (const [index, digest] of digests.entries()) {
      const known = base.digests[index]?.equals(digest) ? base.ids[index] : undefined
      ids.push(known ?? (await this.#chunk(filler, reuse, content, index, digest)))
    }
    await pause('stored')
    await filler.flush()
    return {
      newPages: pagesOf(source.disk, ids, digests, base.ids),
      storedBytes: filler.storedBytes,
    }
  }

  async #chunk(
    filler: PackFiller,
    reuse: Reuse,
    content: Content,
    index: number,
    digest: Buffer,
  ): Promise<ChunkId> {
    if (digest === ZERO) return 0
    const found = reuse.find(digest, 0)
    if (found !== undefined) return found
    const record = recordOf(0, plainChunk(content, index), index % 3 !== 0)
    digest.copy(record, RECORD_OFFSETS.digest)
    return filler.append(record, index)
  }

  async #baseMap(
    source: HistorySource,
    base: number | null,
  ): Promise<{ ids: ChunkId[]; digests: Buffer[] }> {
    if (base === null) return { ids: [], digests: [] }
    const ids = await this.mapOf(source, base)
    const segments = new SegmentCache(this.database, () => Infinity)
    await segments.load(ids.filter((id) => id !== 0).map(segmentOf))
    return { ids, digests: ids.map((id) => (id === 0 ? ZERO : segments.digestOf(id)!)) }
  }

  /** Chunk ids of the disk as a version has it, in order. */
  async mapOf(source: HistorySource, version: number): Promise<ChunkId[]> {
    const [row] = await this.database.query<{ size: number }>(
      `SELECT size_bytes AS size FROM version_disk WHERE version = $1 AND disk = $2`,
      [version, source.disk],
    )
    const pages = Math.ceil(Math.ceil(row!.size / CHUNK) / PAGE_CHUNKS)
    const rows = await readPages(this.database, source.disk, version, 0, pages - 1)
    return rows.flatMap((page) => expandPage(page.runs.map(decodeRun)))
  }

  /** Reads a version out of the packs; gives the indexes of chunks that are not what they were. */
  async compare(source: HistorySource, version: number, content: Content): Promise<number[]> {
    const ids = await this.mapOf(source, version)
    const wrong = new Set<number>()
    if (ids.length !== content.length) return [-1]
    const expected = digestsOf(content)
    const segments = new SegmentCache(this.database, () => Infinity)
    for (const [index, id] of ids.entries()) {
      if (id === 0 || wrong.has(index)) {
        if (content[index] !== 0) wrong.add(index)
        continue
      }
      if (!(await this.#holds(segments, id, expected[index]!))) wrong.add(index)
    }
    return [...wrong]
  }

  /** As a reader does: a pack that compaction moved away is looked up anew, once. */
  async #holds(segments: SegmentCache, id: ChunkId, digest: Buffer): Promise<boolean> {
    for (let attempt = 0; attempt < 2; attempt++) {
      await segments.load([segmentOf(id)])
      const place = segments.placeOf(id)
      if (!place || !place.digest.equals(digest)) return false
      const record = Buffer.alloc(80 + place.storedLength)
      try {
        await this.store.readPack(
          { name: place.packName, volume: place.volume },
          place.offset,
          record,
        )
        return (
          Number(record.readBigUInt64LE(RECORD_OFFSETS.place)) === id &&
          record
            .subarray(RECORD_OFFSETS.digest, RECORD_OFFSETS.digest + DIGEST_BYTES)
            .equals(digest)
        )
      } catch {
        segments.forget(segmentOf(id))
      }
    }
    return false
  }

  /** Segments that neither a page nor a pin names: there must be none after a collection. */
  async leaked(): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT id FROM segment WHERE NOT EXISTS (SELECT FROM pin WHERE pin.segment = segment.id)
          AND NOT EXISTS (SELECT FROM page WHERE page.segments @> ARRAY[segment.id])`,
    )
    return rows.map((row) => row.id)
  }

  async deletePoint(id: string, hoursAgo: number): Promise<void> {
    await this.database.query(
      `UPDATE recovery_point SET state = 'deleted', state_before = state,
              deleted_at = now() - make_interval(hours => $2) WHERE id = $1`,
      [id, hoursAgo],
    )
  }
}

const COMMIT = {
  kind: 'point',
  capturedAt: '',
  consistency: 'cold',
  powerState: 'none',
  configuration: '',
  paused: false,
  hasMemory: false,
  parentVersion: null,
  label: null,
  expiresAt: null,
  protect: false,
  result: {},
  warnings: [],
} as const

const COMMIT_DISK = {
  name: 'disk',
  ordinal: 0,
  chunkBytes: CHUNK,
  format: 'raw',
  transferMode: 'compared',
  transferReason: null,
  readChecksum: null,
  storedChecksum: null,
  unreadable: [],
  readBytes: 0,
  sentBytes: 0,
  changedBytes: 0,
  storedBytes: 0,
} as const

const ZERO = Buffer.alloc(DIGEST_BYTES)

export function sizeOf(content: Content): number {
  return content.length * CHUNK - SHORT_BY
}

function plainChunk(content: Content, index: number): Buffer {
  return chunkBytes(content[index]!, chunkLength(index, sizeOf(content), CHUNK))
}

const digestCache = new Map<string, Buffer>()

function digestsOf(content: Content): Buffer[] {
  return content.map((seed, index) => {
    if (seed === 0) return ZERO
    const key = `${seed}:${chunkLength(index, sizeOf(content), CHUNK)}`
    let digest = digestCache.get(key)
    if (!digest) digestCache.set(key, (digest = digestOf(plainChunk(content, index))))
    return digest
  })
}

/** Pages that differ from the base's, and those where the disk's end moved. */
function pagesOf(
  disk: number,
  ids: readonly ChunkId[],
  digests: readonly Buffer[],
  base: readonly ChunkId[],
): NewPage[] {
  const pages: NewPage[] = []
  for (let page = 0; page * PAGE_CHUNKS < ids.length; page++) {
    const [from, to] = [page * PAGE_CHUNKS, (page + 1) * PAGE_CHUNKS]
    const own = ids.slice(from, to)
    const old = base.slice(from, to)
    if (own.length === old.length && own.every((id, i) => id === old[i])) continue
    const runs = compressPage(own)
    pages.push({
      disk,
      page,
      entries: own.length,
      runs: runs.map(encodeRun),
      segments: pageSegments(runs),
      digest: pageDigest(Buffer.concat(digests.slice(from, to))),
    })
  }
  return pages
}

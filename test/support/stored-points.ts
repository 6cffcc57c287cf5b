import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { RECORD_OFFSETS } from '../../core/chunk/record.ts'
import { chunkId, type ChunkId } from '../../core/model/chunk-id.ts'
import { ZERO_DIGEST } from '../../core/model/digest.ts'
import { chunkLength, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { compressPage, encodeRun, pageSegments } from '../../core/model/map-page.ts'
import { digestRoot, pageDigest } from '../../core/model/page-digest.ts'
import type { Database } from '../../server/catalog/database.ts'
import { insertHooks } from '../../server/catalog/hooks.ts'
import { insertPages } from '../../server/catalog/pages.ts'
import { insertSegments } from '../../server/catalog/segments.ts'
import type { PackPlace } from '../../server/store/chunk-store.ts'
import { createStore } from '../../server/store/create-store.ts'
import { openLocalStore, type LocalStore } from '../../server/store/local-store.ts'
import { ManifestBuilder, manifestDigest, manifestName } from '../../server/store/manifest.ts'
import type { ManifestDisk, ManifestHeader } from '../../server/store/manifest-header.ts'
import { encodePointDocument, pointDocumentName } from '../../server/store/point-document.ts'
import { chunkBytes, recordOf } from '../store/records.ts'
import { testDatabase } from './database.ts'

export const CHUNK = 4096

/** Content of a disk: a seed a chunk, 0 for zeros. Equal seeds are equal chunks. */
export type Content = readonly number[]

export interface WrittenPoint {
  readonly point: string
  readonly version: number
  readonly versionUid: string
  readonly sequence: number
}

/** A store and its catalog with real packs, manifests and documents, as transfers leave them. */
export class StoredPoints {
  readonly database: Database
  readonly store: LocalStore
  readonly folder: string
  readonly packs: PackPlace[] = []
  /** Chunk ids by seed and length. */
  readonly #known = new Map<string, ChunkId>()
  readonly #digests = new Map<ChunkId, Buffer>()
  readonly #last = new Map<string, { maps: number[][]; manifest: Buffer }>()
  #generation = 0

  constructor(database: Database, store: LocalStore, folder: string) {
    this.database = database
    this.store = store
    this.folder = folder
  }

  static async create(t: TestContext): Promise<StoredPoints> {
    const database = await testDatabase(t)
    const root = await mkdtemp(join(tmpdir(), 'holdfast-points-'))
    const folder = join(root, 'volume')
    const { storeId } = await createStore([folder], { catalogId: 'catalog-test' })
    const store = await openLocalStore({ folders: [folder], reserveBytes: 0 })
    t.after(async () => {
      await store.close()
      await rm(root, { recursive: true })
    })
    await database.query(`DELETE FROM catalog_identity`)
    await database.query(
      `INSERT INTO catalog_identity (catalog_id, store_id) VALUES ('catalog-test', $1)`,
      [storeId],
    )
    const [volume] = await store.volumes()
    await database.query(`INSERT INTO volume (uid, path) VALUES ($1, $2)`, [volume?.uid, folder])
    return new StoredPoints(database, store, folder)
  }

  async source(id: string): Promise<void> {
    await this.database.query(
      `INSERT INTO host (id, name, tenant) VALUES ('host-a', 'alpha', '') ON CONFLICT DO NOTHING`,
    )
    await this.database.query(
      `INSERT INTO data_source (id, host, key, name, kind, replica_state)
       VALUES ($1, 'host-a', $2, $3, 'image', 'ok')`,
      [id, `/images/${id}`, `${id}.raw`],
    )
  }

  /** A point of `source` whose disks hold `contents`; the last chunk of each is 100 bytes short. */
  async point(source: string, contents: readonly Content[], label?: string): Promise<WrittenPoint> {
    const [reserved] = await this.database.query<{ id: number; sequence: number }>(
      `WITH raised AS (UPDATE catalog_identity SET generation = generation + 1 RETURNING generation),
            counted AS (UPDATE data_source SET last_sequence = last_sequence + 1 WHERE id = $1
                         RETURNING last_sequence)
       INSERT INTO version (uid, data_source, sequence, generation)
       SELECT $1 || '-v' || last_sequence, $1, last_sequence, generation FROM raised, counted
       RETURNING id, sequence`,
      [source],
    )
    this.#generation++
    const versionUid = `${source}-v${reserved!.sequence}`
    const at = { ...reserved!, versionUid }
    const maps: number[][] = []
    for (const content of contents) maps.push(await this.#storeContent(content))
    const point = `point-${versionUid}`
    const header = await this.#header(source, at, point, maps, label ?? null)
    const builder = new ManifestBuilder()
    for (const map of maps) {
      builder.addRuns(pagesOf(map).flatMap((ids) => compressPage(ids)))
      builder.endDisk()
    }
    const manifest = builder.encode(header)
    const name = manifestName(source, at.sequence, versionUid)
    await this.store.writeManifest(name, manifest)
    await this.#writeRows(source, at, header, maps, { name, manifest })
    await this.#writeDocument(source, at, point, label ?? null)
    await this.store.writeMarker({
      ...(await this.store.readMarker()),
      generation: this.#generation,
    })
    this.#last.set(source, { maps, manifest: manifestDigest(manifest) })
    return { point, version: at.id, versionUid, sequence: at.sequence }
  }

  /** Chunk id of a seed of usual length. */
  chunkOf(seed: number): ChunkId {
    return this.#known.get(`${seed} ${CHUNK}`) ?? 0
  }

  async #storeContent(content: Content): Promise<number[]> {
    const sizeBytes = content.length * CHUNK - 100
    const keys = content.map((seed, i) => `${seed} ${chunkLength(i, sizeBytes, CHUNK)}`)
    const fresh = [...new Set(keys.filter((key) => !key.startsWith('0 ') && !this.#known.has(key)))]
    if (fresh.length > 0) await this.#pack(fresh)
    return keys.map((key) => this.#known.get(key) ?? 0)
  }

  async #pack(keys: readonly string[]): Promise<void> {
    const volume = await this.store.chooseVolume()
    const name = `pack-${String(this.packs.length).padStart(4, '0')}`
    const generation = this.#generation
    const [row] = await this.database.query<{ id: number; first: number }>(
      `INSERT INTO pack (name, volume, state, first_segment, generation)
       SELECT $1, id, 'sealed', nextval('segment_id'), $3 FROM volume WHERE uid = $2
       RETURNING id, first_segment AS first`,
      [name, volume, generation],
    )
    const { id, first } = row!
    const writer = await this.store.createPack({ name, volume, firstSegment: first, generation })
    const segments: { id: number; baseOffset: number; records: Buffer[] }[] = []
    for (const [i, key] of keys.entries()) {
      const [seed, length] = key.split(' ').map(Number)
      const segment = first + Math.floor(i / PAGE_CHUNKS)
      const chunk = chunkId(segment, i % PAGE_CHUNKS)
      const record = recordOf(chunk, chunkBytes(seed ?? 0, length ?? 0), i % 3 !== 1)
      const offset = writer.append(record)
      await writer.drained()
      if (segments.at(-1)?.id !== segment)
        segments.push({ id: segment, baseOffset: offset, records: [] })
      segments.at(-1)!.records.push(record)
      this.#known.set(key, chunk)
      this.#digests.set(chunk, digestIn(record))
    }
    const { bytes } = await writer.seal()
    this.packs.push(writer.place)
    await this.database.query(`UPDATE pack SET bytes = $2 WHERE id = $1`, [id, bytes])
    const rows = segments.map(({ id: segment, baseOffset, records }) => ({
      id: segment,
      baseOffset,
      count: records.length,
      digests: Buffer.concat(records.map(digestIn)),
      lengths: Buffer.concat(records.map(lengthIn)),
    }))
    await insertSegments(this.database, id, rows)
    await insertHooks(this.database, rows)
  }

  async #header(
    source: string,
    at: { id: number; sequence: number; versionUid: string },
    point: string,
    maps: readonly number[][],
    label: string | null,
  ): Promise<ManifestHeader> {
    const disks: ManifestDisk[] = []
    for (const [i, map] of maps.entries()) disks.push(await this.#disk(source, i, map))
    const sums = { sizeBytes: 1, changedBytes: 2, sentBytes: 3, storedBytes: 4 }
    const created = timeOf(at.sequence)
    return {
      storeId: this.store.storeId,
      version: {
        ...{ id: at.id, uid: at.versionUid, sequence: at.sequence, generation: this.#generation },
        ...{ parentVersion: null, capturedAt: created, committedAt: created, consistency: 'cold' },
        ...{ hasMemory: false, powerState: 'off', configuration: { memory: at.sequence }, ...sums },
      },
      point: {
        ...{ id: point, state: 'ready', label, protected: false },
        ...{ expiresAt: null, createdAt: created },
      },
      dataSource: {
        ...{ id: source, key: `/images/${source}`, name: `${source}.raw`, kind: 'image' },
        ...{ uuid: '', tenant: '', owner: '' },
      },
      host: { id: 'host-a', name: 'alpha', tenant: '' },
      disks,
      previousManifest: this.#last.get(source)?.manifest.toString('hex') ?? null,
      keyId: 0,
    }
  }

  async #disk(source: string, ordinal: number, map: number[]): Promise<ManifestDisk> {
    const name = `disk${ordinal}`
    const sizeBytes = map.length * CHUNK - 100
    const path = `/images/${source}/${name}`
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO disk (data_source, name, chunk_bytes, path, size_bytes) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (data_source, name) DO UPDATE SET size_bytes = excluded.size_bytes RETURNING id`,
      [source, name, CHUNK, path, sizeBytes],
    )
    const root = digestRoot(pagesOf(map).map((ids) => this.#pageDigest(ids)))
    return {
      ...{ ordinal, id: row!.id, name, path, format: 'raw', chunkBytes: CHUNK, sizeBytes },
      ...{
        transferMode: 'compared',
        transferReason: 'no-tracker',
        digestRoot: root.toString('hex'),
      },
      ...{ readChecksum: null, storedChecksum: 'abcd', unreadable: [] },
      ...{ readBytes: 5, sentBytes: 6, changedBytes: 7, storedBytes: 8 },
    }
  }

  #pageDigest(ids: readonly ChunkId[]): Buffer {
    return pageDigest(Buffer.concat(ids.map((id) => this.#digests.get(id) ?? ZERO_DIGEST)))
  }

  async #writeRows(
    source: string,
    at: { id: number },
    header: ManifestHeader,
    maps: readonly number[][],
    written: { name: string; manifest: Buffer },
  ): Promise<void> {
    const { version, point, disks } = header
    await this.database.query(
      `UPDATE version SET state = 'committed', committed_at = $2, captured_at = $3,
              consistency = 'cold', power_state = 'off', configuration = $4, size_bytes = 1,
              changed_bytes = 2, sent_bytes = 3, stored_bytes = 4, manifest = $5,
              manifest_digest = $6, previous_manifest = $7 WHERE id = $1`,
      [
        ...[at.id, version.committedAt, version.capturedAt, JSON.stringify(version.configuration)],
        ...[written.name, manifestDigest(written.manifest)],
        this.#last.get(source)?.manifest ?? null,
      ],
    )
    for (const [i, disk] of disks.entries()) {
      const before = pagesOf(this.#last.get(source)?.maps[i] ?? [])
      const pages = pagesOf(maps[i] ?? []).map((ids, page) => ({ page, ids }))
      const changed = pages.filter(({ page, ids }) => before[page]?.join() !== ids.join())
      await insertPages(
        this.database,
        at.id,
        changed.map(({ page, ids }) => ({
          ...{ disk: disk.id, page, entries: ids.length, runs: compressPage(ids).map(encodeRun) },
          segments: pageSegments(compressPage(ids)),
          digest: this.#pageDigest(ids),
        })),
      )
      await this.database.query(
        `INSERT INTO version_disk (version, disk, ordinal, size_bytes, format, transfer_mode,
                transfer_reason, digest_root, stored_checksum, read_bytes, sent_bytes,
                changed_bytes, stored_bytes)
         VALUES ($1, $2, $3, $4, 'raw', 'compared', 'no-tracker', $5, '\\xabcd', 5, 6, 7, 8)`,
        [at.id, disk.id, i, disk.sizeBytes, Buffer.from(disk.digestRoot, 'hex')],
      )
    }
    await this.database.query(
      `INSERT INTO recovery_point (id, version, data_source, state, label, created_at)
       VALUES ($1, $2, $3, 'ready', $4, $5)`,
      [point?.id, at.id, source, point?.label, point?.createdAt],
    )
  }

  async #writeDocument(
    dataSource: string,
    { sequence, versionUid }: { sequence: number; versionUid: string },
    id: string,
    label: string | null,
  ): Promise<void> {
    const document = {
      ...{
        id,
        dataSource,
        sequence,
        versionUid,
        state: 'ready' as const,
        stateBefore: null,
        label,
      },
      ...{ comment: null, protected: false, expiresAt: null, lockedUntil: null, verifiedAt: null },
      ...{ provenAt: null, createdAt: timeOf(sequence) },
    }
    await this.store.writeDocument(pointDocumentName(document), encodePointDocument(document))
  }
}

function timeOf(sequence: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, sequence)).toISOString()
}

function pagesOf(ids: readonly ChunkId[]): ChunkId[][] {
  const pages: ChunkId[][] = []
  for (let at = 0; at < ids.length; at += PAGE_CHUNKS) pages.push(ids.slice(at, at + PAGE_CHUNKS))
  return pages
}

function digestIn(record: Buffer): Buffer {
  return record.subarray(RECORD_OFFSETS.digest, RECORD_OFFSETS.digest + 32)
}

function lengthIn(record: Buffer): Buffer {
  const length = Buffer.alloc(4)
  const stored = record.readUInt32LE(RECORD_OFFSETS.storedLength)
  length.writeUInt32LE(stored * 256 + record.readUInt8(RECORD_OFFSETS.codec))
  return length
}

/** Seeds from..to-1, each different. */
export function seeds(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

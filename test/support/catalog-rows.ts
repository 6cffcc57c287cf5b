import { createHash } from 'node:crypto'
import { CHUNK_BYTES, chunkCount, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { compressPage, encodeRun, pageSegments } from '../../core/model/map-page.ts'
import { digestRoot, pageDigest } from '../../core/model/page-digest.ts'
import { positionOf, segmentOf, type ChunkId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import type { PointState } from '../../core/model/state.ts'
import type { Database } from '../../server/catalog/database.ts'

/** Content of a segment: a text per position; equal texts are equal chunks. */
export type SegmentContent = readonly string[]

export interface VersionDiskRows {
  readonly disk: number
  readonly sizeBytes: number
  readonly chunkBytes?: number
  /** The whole map: a chunk id a chunk, 0 for zeros. Only pages that differ from `before` are inserted. */
  readonly map: readonly ChunkId[]
  readonly before?: readonly ChunkId[]
  readonly transferMode?: string
  readonly transferReason?: string | null
  readonly unreadable?: readonly number[]
}

/** Stored bytes that each chunk of a built segment counts for. */
export const STORED_CHUNK_BYTES = 1000

/** Puts rows into a catalog as transfers would have left them; each method gives the new id. */
export class CatalogRows {
  readonly database: Database
  readonly #contents = new Map<number, SegmentContent>()
  #count = 0

  constructor(database: Database) {
    this.database = database
  }

  async host(
    name: string,
    more: { online?: boolean; restoreRoots?: string[] } = {},
  ): Promise<string> {
    const id = `host-${name}`
    await this.database.query(
      `INSERT INTO host (id, name, session, last_seen_at, restore_roots, version)
       VALUES ($1, $2, $3, CASE WHEN $3::text IS NULL THEN NULL ELSE now() END, $4, '0.1.0')`,
      [id, name, more.online === false ? null : 'session', more.restoreRoots ?? ['/srv/restores']],
    )
    return id
  }

  async source(
    host: string,
    name: string,
    more: { kind?: string; uuid?: string; present?: boolean; replicaState?: string } = {},
  ): Promise<string> {
    const id = `source-${++this.#count}`
    await this.database.query(
      `INSERT INTO data_source (id, host, key, name, kind, uuid, present, replica_state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        host,
        `/images/${name}`,
        name,
        more.kind ?? 'image',
        more.uuid ?? '',
        more.present ?? true,
        more.replicaState ?? 'none',
      ],
    )
    return id
  }

  async disk(
    source: string,
    name: string,
    more: { sizeBytes?: number; chunkBytes?: number; path?: string; format?: string } = {},
  ): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO disk (data_source, name, chunk_bytes, size_bytes, path, format)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [
        source,
        name,
        more.chunkBytes ?? CHUNK_BYTES,
        more.sizeBytes ?? 0,
        more.path ?? `/images/${name}`,
        more.format ?? 'raw',
      ],
    )
    return row!.id
  }

  /** A sealed pack with one segment a content; gives the segments' ids. */
  async pack(contents: readonly SegmentContent[]): Promise<number[]> {
    const n = ++this.#count
    await this.database.query(
      `INSERT INTO volume (uid, path) VALUES ('volume-1', '/store') ON CONFLICT DO NOTHING`,
    )
    const chunks = contents.reduce((sum, content) => sum + content.length, 0)
    const [pack] = await this.database.query<{ id: number; first: number }>(
      `INSERT INTO pack (name, volume, state, first_segment, bytes)
       SELECT $1, (SELECT min(id) FROM volume), 'sealed', nextval('segment_id'), $2
       RETURNING id, first_segment AS first`,
      [`pack-${n}`, chunks * STORED_CHUNK_BYTES],
    )
    const ids: number[] = []
    for (const [i, content] of contents.entries()) {
      const id = pack!.first + i
      ids.push(id)
      this.#contents.set(id, content)
      const lengths = Buffer.alloc(content.length * 4)
      content.forEach((_, at) => lengths.writeUInt32LE((STORED_CHUNK_BYTES << 8) | 1, at * 4))
      await this.database.query(
        `INSERT INTO segment (id, pack, base_offset, count, digests, lengths)
         VALUES ($1, $2, 4096, $3, $4, $5)`,
        [id, pack!.id, content.length, Buffer.concat(content.map(digestOfText)), lengths],
      )
    }
    return ids
  }

  /** A committed version, its pages included; gives its id. */
  async version(
    source: string,
    disks: readonly VersionDiskRows[],
    more: { storedBytes?: number; consistency?: string } = {},
  ): Promise<number> {
    const n = ++this.#count
    const [row] = await this.database.query<{ id: number }>(
      `WITH counted AS (
         UPDATE data_source SET last_sequence = last_sequence + 1, replica_state = 'ok' WHERE id = $1
         RETURNING last_sequence)
       INSERT INTO version (uid, data_source, sequence, generation, state, committed_at, captured_at,
              consistency, size_bytes, changed_bytes, sent_bytes, stored_bytes)
       SELECT $2, $1, last_sequence, $3, 'committed', now(), now(), $4, $5, $6, $6, $7 FROM counted
       RETURNING id`,
      [
        source,
        `version-${n}`,
        n,
        more.consistency ?? 'cold',
        disks.reduce((sum, disk) => sum + disk.sizeBytes, 0),
        4096 * n,
        more.storedBytes ?? 1000 * n,
      ],
    )
    for (const [ordinal, disk] of disks.entries()) await this.#versionDisk(row!.id, ordinal, disk)
    return row!.id
  }

  async #versionDisk(version: number, ordinal: number, disk: VersionDiskRows): Promise<void> {
    const chunks = chunkCount(disk.sizeBytes, disk.chunkBytes ?? CHUNK_BYTES)
    if (disk.map.length !== chunks)
      throw new Error(`the map has ${disk.map.length} of ${chunks} chunks`)
    const digests: Buffer[] = []
    for (let page = 0; page * PAGE_CHUNKS < chunks; page++) {
      const ids = disk.map.slice(page * PAGE_CHUNKS, (page + 1) * PAGE_CHUNKS)
      const digest = pageDigest(Buffer.concat(ids.map((id) => this.#digestOf(id))))
      digests.push(digest)
      const before = disk.before?.slice(page * PAGE_CHUNKS, (page + 1) * PAGE_CHUNKS)
      if (before && before.length === ids.length && before.every((id, i) => id === ids[i])) continue
      const runs = compressPage(ids)
      await this.database.query(
        `INSERT INTO page (disk, page, version, entries, runs, segments, digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [disk.disk, page, version, ids.length, runs.map(encodeRun), pageSegments(runs), digest],
      )
    }
    await this.database.query(
      `INSERT INTO version_disk (version, disk, ordinal, size_bytes, format, transfer_mode,
              transfer_reason, digest_root, unreadable)
       VALUES ($1, $2, $3, $4, 'raw', $5, $6, $7, $8::int8[])`,
      [
        version,
        disk.disk,
        ordinal,
        disk.sizeBytes,
        disk.transferMode ?? (disk.before ? 'compared' : 'initial'),
        disk.transferReason ?? null,
        digestRoot(digests),
        disk.unreadable ?? [],
      ],
    )
  }

  #digestOf(id: ChunkId): Buffer {
    if (id === 0) return Buffer.alloc(DIGEST_BYTES)
    const text = this.#contents.get(segmentOf(id))?.[positionOf(id)]
    if (text === undefined) throw new Error(`chunk ${id} was not built`)
    return digestOfText(text)
  }

  /** `daysAgo` dates it back; gives its id. */
  async point(
    source: string,
    version: number,
    more: { state?: PointState; label?: string; daysAgo?: number; protect?: boolean } = {},
  ): Promise<string> {
    const id = `point-${++this.#count}`
    await this.database.query(
      `INSERT INTO recovery_point (id, version, data_source, state, label, protected, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, now() - make_interval(days => $7))`,
      [
        id,
        version,
        source,
        more.state ?? 'ready',
        more.label ?? null,
        more.protect ?? false,
        more.daysAgo ?? 0,
      ],
    )
    return id
  }

  async job(more: {
    kind: string
    state?: string
    source?: string
    host?: string
    result?: unknown
    error?: unknown
    totalBytes?: number
    seconds?: number
  }): Promise<string> {
    const id = `job-${++this.#count}`
    await this.database.query(
      `INSERT INTO job (id, kind, state, data_source, host, result, error, total_bytes, done_bytes,
              started_at, finished_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, now() - make_interval(secs => $9), now())`,
      [
        id,
        more.kind,
        more.state ?? 'completed',
        more.source ?? null,
        more.host ?? null,
        more.result === undefined ? null : JSON.stringify(more.result),
        more.error === undefined ? null : JSON.stringify(more.error),
        more.totalBytes ?? 0,
        more.seconds ?? 1,
      ],
    )
    return id
  }
}

export function digestOfText(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

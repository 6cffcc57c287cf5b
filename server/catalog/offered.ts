import type { Queryable } from './database.ts'
import { HOST_STATE } from './hosts-view.ts'

/** What the catalog keeps of the data sources and disks that hosts offer. */

export interface KnownDiskRow {
  readonly id: number
  readonly dataSource: string
  readonly name: string
  readonly path: string
  readonly format: string
  readonly sizeBytes: number
  readonly protectable: boolean
  readonly reason: string | null
  readonly present: boolean
}

export interface KnownSourceRow {
  readonly id: string
  readonly host: string
  readonly hostName: string
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly uuid: string
  readonly present: boolean
  readonly powerState: string
  readonly firmware: string
  readonly isHostOnline: boolean
}

const SOURCE = `SELECT s.id, s.host, h.name AS "hostName", s.key, s.name, s.kind, s.uuid, s.present,
    s.power_state AS "powerState", s.firmware, (${HOST_STATE}) = 'online' AS "isHostOnline"
  FROM data_source s JOIN host h ON h.id = s.host`

/** One inventory of a host at a time; false where there is no such host. */
export async function lockHost(q: Queryable, host: string): Promise<{ name: string } | undefined> {
  const [row] = await q.query<{ name: string }>(
    `SELECT name FROM host WHERE id = $1 FOR NO KEY UPDATE`,
    [host],
  )
  return row
}

export async function sourcesOfHost(q: Queryable, host: string): Promise<KnownSourceRow[]> {
  return q.query(`${SOURCE} WHERE s.host = $1 ORDER BY s.id`, [host])
}

/** Data sources of other hosts that have one of these uuids; locked, so that none moves twice. */
export async function sourcesElsewhere(
  q: Queryable,
  host: string,
  uuids: readonly string[],
): Promise<KnownSourceRow[]> {
  return q.query(
    `${SOURCE} WHERE s.uuid = ANY($2::text[]) AND s.uuid <> '' AND s.host <> $1
      ORDER BY s.present DESC, s.id FOR UPDATE OF s`,
    [host, uuids],
  )
}

export async function disksOfSources(
  q: Queryable,
  sources: readonly string[],
): Promise<KnownDiskRow[]> {
  return q.query(
    `SELECT id, data_source AS "dataSource", name, path, format, size_bytes AS "sizeBytes",
            protectable, reason, present
       FROM disk WHERE data_source = ANY($1::text[]) ORDER BY id`,
    [sources],
  )
}

export interface SourceFields {
  readonly id: string
  readonly host: string
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly uuid: string
  readonly powerState: string
  readonly firmware: string
}

export async function insertSource(q: Queryable, source: SourceFields): Promise<void> {
  await q.query(
    `INSERT INTO data_source (id, host, key, name, kind, uuid, power_state, firmware)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    valuesOf(source),
  )
}

/** Writes what the host says of one that is known, which is thereby present. */
export async function updateSource(q: Queryable, source: SourceFields): Promise<void> {
  await q.query(
    `UPDATE data_source SET host = $2, key = $3, name = $4, kind = $5, uuid = $6, present = true,
            power_state = $7, firmware = $8, rival_host = NULLIF(rival_host, $2) WHERE id = $1`,
    valuesOf(source),
  )
}

function valuesOf(source: SourceFields): string[] {
  const { id, host, key, name, kind, uuid, powerState, firmware } = source
  return [id, host, key, name, kind, uuid, powerState, firmware]
}

export async function setTags(q: Queryable, id: string, tags: readonly string[]): Promise<void> {
  await q.query(`UPDATE data_source SET tags = $2 WHERE id = $1 AND tags <> $2::text[]`, [id, tags])
}

export async function setSourceName(q: Queryable, id: string, name: string): Promise<void> {
  await q.query(`UPDATE data_source SET name = $2 WHERE id = $1`, [id, name])
}

export async function setSourcePresent(q: Queryable, id: string, present: boolean): Promise<void> {
  await q.query(`UPDATE data_source SET present = $2 WHERE id = $1`, [id, present])
}

export interface DiskFields {
  readonly name: string
  readonly path: string
  readonly format: string
  readonly sizeBytes: number
  readonly protectable: boolean
  readonly reason: string | null
}

/** `chunkBytes` counts at first sight only: it is fixed from then on. */
export async function putDisk(
  q: Queryable,
  source: string,
  disk: DiskFields,
  chunkBytes: number,
): Promise<void> {
  await q.query(
    `INSERT INTO disk (data_source, name, chunk_bytes, path, format, size_bytes, protectable, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (data_source, name) DO UPDATE
       SET path = $4, format = $5, size_bytes = $6, protectable = $7, reason = $8, present = true`,
    [
      source,
      disk.name,
      chunkBytes,
      disk.path,
      disk.format,
      disk.sizeBytes,
      disk.protectable,
      disk.reason,
    ],
  )
}

export async function setDiskAbsent(q: Queryable, disk: number): Promise<void> {
  await q.query(`UPDATE disk SET present = false WHERE id = $1`, [disk])
}

/** What the agent says of itself with each inventory. */
export async function setHostNotes(
  q: Queryable,
  host: string,
  restoreRoots: readonly string[],
  warnings: readonly string[],
): Promise<void> {
  await q.query(
    `UPDATE host SET restore_roots = $2, warnings = $3
      WHERE id = $1 AND (restore_roots, warnings) IS DISTINCT FROM ($2::text[], $3::text[])`,
    [host, restoreRoots, warnings],
  )
}

import type { Queryable } from './database.ts'

export interface NewestVersion {
  readonly id: number
  readonly uid: string
  readonly sequence: number
  readonly manifestDigest: Buffer | null
}

/** The replica: the newest committed version of a data source, locked against deletion. */
export async function lockNewestVersion(
  q: Queryable,
  dataSource: string,
): Promise<NewestVersion | undefined> {
  const [row] = await q.query<NewestVersion>(
    `SELECT id, uid, sequence, manifest_digest AS "manifestDigest" FROM version
      WHERE data_source = $1 AND state = 'committed' ORDER BY id DESC LIMIT 1 FOR KEY SHARE`,
    [dataSource],
  )
  return row
}

export interface VersionDiskRow {
  readonly disk: number
  readonly name: string
  readonly ordinal: number
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly format: string
  readonly digestRoot: Buffer
  /** offset, length, offset, length, … */
  readonly unreadable: readonly number[]
}

export async function readVersionDisks(q: Queryable, version: number): Promise<VersionDiskRow[]> {
  return q.query(
    `SELECT vd.disk, disk.name, vd.ordinal, vd.size_bytes AS "sizeBytes",
            disk.chunk_bytes AS "chunkBytes", vd.format, vd.digest_root AS "digestRoot", vd.unreadable
       FROM version_disk vd JOIN disk ON disk.id = vd.disk
      WHERE vd.version = $1 ORDER BY vd.ordinal`,
    [version],
  )
}

export interface ReservedVersion {
  readonly id: number
  readonly sequence: number
  readonly generation: number
}

/**
 * Reserves the id, the place in the history and the generation of a version that is about to be
 * committed: what the store then has of it beyond the catalog is an interrupted commit.
 */
export async function reserveVersion(
  q: Queryable,
  dataSource: string,
  uid: string,
): Promise<ReservedVersion> {
  await q.query(`SELECT 1 FROM data_source WHERE id = $1 FOR UPDATE`, [dataSource])
  // An attempt that was interrupted here before had the same uid: it is discarded with its number.
  await q.query(`DELETE FROM version WHERE uid = $1 AND state = 'reserved'`, [uid])
  const [row] = await q.query<ReservedVersion>(
    `WITH raised AS (
       UPDATE catalog_identity SET generation = generation + 1 RETURNING generation),
     counted AS (
       UPDATE data_source SET last_sequence = last_sequence + 1 WHERE id = $1 RETURNING last_sequence)
     INSERT INTO version (uid, data_source, sequence, generation)
     SELECT $2, $1, counted.last_sequence, raised.generation FROM raised, counted
     RETURNING id, sequence, generation`,
    [dataSource, uid],
  )
  if (!row) throw new Error(`data source ${dataSource} is not in the catalog`)
  return row
}

/** Reserved versions, and with them manifests, that no running job will commit: interrupted. */
export async function listReservedVersions(
  q: Queryable,
): Promise<{ id: number; uid: string; dataSource: string; sequence: number }[]> {
  return q.query(
    `SELECT id, uid, data_source AS "dataSource", sequence FROM version
      WHERE state = 'reserved' AND NOT EXISTS (
        SELECT FROM transfer JOIN job ON job.id = transfer.job
         WHERE transfer.version_uid = version.uid AND job.state = 'running')`,
  )
}

export async function dropReservedVersion(q: Queryable, id: number): Promise<void> {
  await q.query(`DELETE FROM version WHERE id = $1 AND state = 'reserved'`, [id])
}

/** As the agent gave it; null where the source is no VM. */
export async function readVersionConfiguration(q: Queryable, version: number): Promise<unknown> {
  const [row] = await q.query<{ configuration: unknown }>(
    `SELECT configuration FROM version WHERE id = $1`,
    [version],
  )
  return row?.configuration ?? null
}

/** Of these data sources, those with a committed version. */
export async function replicatedOf(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Set<string>> {
  const rows = await q.query<{ id: string }>(
    `SELECT s.id FROM unnest($1::text[]) AS s (id)
      WHERE EXISTS (SELECT FROM version v WHERE v.data_source = s.id AND v.state = 'committed')`,
    [dataSources],
  )
  return new Set(rows.map(({ id }) => id))
}

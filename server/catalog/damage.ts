import type { Queryable } from './database.ts'

/** Why a replica is inconsistent. */
export const DAMAGED_REPLICA = 'stored bytes of its newest version are damaged'

/** Does the disk's map in this version name a chunk that was found damaged? */
export async function hasDamage(q: Queryable, disk: number, versionUid: string): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM damage
       JOIN page ON page.segments @> ARRAY[damage.chunk >> 10]
       JOIN version ON version.uid = $2
      WHERE page.disk = $1 AND page.version <= version.id
        AND EXISTS (SELECT FROM unnest(page.runs) AS code WHERE code >> 11 <> 0
                       AND damage.chunk >= code >> 11
                       AND damage.chunk < (code >> 11) + (code & 2047))
        AND NOT EXISTS (SELECT FROM page newer WHERE newer.disk = page.disk AND newer.page = page.page
                           AND newer.version > page.version AND newer.version <= version.id)
      LIMIT 1`,
    [disk, versionUid],
  )
  return rows.length > 0
}

/** Gives how many of them were not known before. */
export async function insertDamage(
  q: Queryable,
  chunks: readonly number[],
  foundBy: string,
  cause: string,
): Promise<number> {
  const rows = await q.query(
    `INSERT INTO damage (chunk, found_by, cause) SELECT chunk, $2, $3 FROM unnest($1::int8[]) AS chunk
     ON CONFLICT (chunk) DO NOTHING RETURNING chunk`,
    [chunks, foundBy, cause],
  )
  return rows.length
}

/** A place where a chunk is read: by this version of this disk, at this chunk index. */
export interface ChunkUse {
  readonly chunk: number
  readonly version: number
  readonly disk: number
  readonly index: number
}

/** Every place of every committed version that reads one of the chunks. */
export async function findUses(q: Queryable, chunks: readonly number[]): Promise<ChunkUse[]> {
  return q.query(
    `SELECT bad.chunk, version.id AS version, page.disk,
            page.page::int8 * 1024 + run.before + (bad.chunk - (run.code >> 11)) AS index
       FROM unnest($1::int8[]) AS bad(chunk)
       JOIN page ON page.segments @> ARRAY[bad.chunk >> 10]
       CROSS JOIN LATERAL (
         SELECT code, sum(code & 2047) OVER (ORDER BY at) - (code & 2047) AS before
           FROM unnest(page.runs) WITH ORDINALITY AS r(code, at)) AS run
       JOIN version_disk ON version_disk.disk = page.disk AND version_disk.version >= page.version
       JOIN version ON version.id = version_disk.version AND version.state = 'committed'
       JOIN disk ON disk.id = page.disk
         -- A disk that shrank has pages beyond its end that nothing reads.
        AND (page.page::int8 * 1024 + run.before + (bad.chunk - (run.code >> 11)))
              * disk.chunk_bytes < version_disk.size_bytes
      WHERE bad.chunk >= run.code >> 11 AND bad.chunk < (run.code >> 11) + (run.code & 2047)
        AND run.code >> 11 <> 0
        AND NOT EXISTS (SELECT FROM page newer WHERE newer.disk = page.disk AND newer.page = page.page
                           AND newer.version > page.version AND newer.version <= version.id)`,
    [chunks],
  )
}

/** Points of these versions are damaged from here on; gives their ids. */
export async function markDamaged(q: Queryable, versions: readonly number[]): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `UPDATE recovery_point
        SET state = 'damaged', state_before = CASE state WHEN 'damaged' THEN state_before ELSE state END
      WHERE version = ANY($1::int8[]) AND state <> 'deleted' RETURNING id`,
    [versions],
  )
  await q.query(
    `UPDATE data_source SET replica_state = 'inconsistent',
            replica_reason = $2
      WHERE id IN (SELECT data_source FROM version newest WHERE newest.id = ANY($1::int8[])
                      AND NOT EXISTS (SELECT FROM version later WHERE later.data_source = newest.data_source
                                         AND later.id > newest.id AND later.state = 'committed'))`,
    [versions, DAMAGED_REPLICA],
  )
  return rows.map((row) => row.id)
}

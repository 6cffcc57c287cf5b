import { HoldfastError } from '../../core/model/error.ts'
import { pageCount } from '../../core/model/geometry.ts'
import { expectRow, type Queryable } from './database.ts'

/**
 * Removes a committed version that no point keeps, with the pages of its maps that no other version
 * reads; what those named becomes suspect, for the sweep to decide. Its manifest is noted in
 * `deletion` as still to be removed. Call in a transaction.
 *
 * Refused: 'last-good-point' for the newest of a data source (it is the replica), 'point-protected'
 * when a point keeps it, 'point-held' while somebody reads it.
 */
export async function removeVersion(q: Queryable, version: number, reason: string): Promise<void> {
  await lockVersion(q, version)
  await requireRemovable(q, version)
  for (const disk of await readNeighbours(q, version)) await removePages(q, version, disk)
  await q.query(
    `INSERT INTO deletion (version, manifest, reason)
     SELECT uid, manifest, $2 FROM version WHERE id = $1`,
    [version, reason],
  )
  await q.query(`DELETE FROM version WHERE id = $1`, [version])
}

/** The order of all: disks, rising, then the version. Commits of the same disks wait. */
async function lockVersion(q: Queryable, version: number): Promise<void> {
  await q.query(
    `SELECT id FROM disk WHERE data_source = (SELECT data_source FROM version WHERE id = $1)
      ORDER BY id FOR UPDATE`,
    [version],
  )
  const rows = await q.query(
    `SELECT id FROM version WHERE id = $1 AND state = 'committed' FOR UPDATE`,
    [version],
  )
  expectRow(rows, `version ${version}`)
}

/** In a statement of its own: it must see what was committed before the locks were had. */
async function requireRemovable(q: Queryable, version: number): Promise<void> {
  const [found] = await q.query<{ newest: boolean; kept: string | null; holder: string | null }>(
    `SELECT NOT EXISTS (SELECT FROM version later WHERE later.data_source = version.data_source
                           AND later.id > version.id AND later.state = 'committed') AS newest,
            (SELECT id FROM recovery_point WHERE recovery_point.version = version.id) AS kept,
            (SELECT min(holder) FROM hold WHERE hold.version = version.id) AS holder
       FROM version WHERE id = $1`,
    [version],
  )
  if (found?.newest !== false)
    throw new HoldfastError('last-good-point', `version ${version} is the replica of its source`)
  if (found.kept !== null)
    throw new HoldfastError('point-protected', `point ${found.kept} keeps version ${version}`)
  if (found.holder !== null)
    throw new HoldfastError('point-held', `version ${version} is being read by ${found.holder}`, {
      hint: 'It goes as soon as that has ended.',
    })
}

interface Neighbours {
  readonly disk: number
  /** The versions of this disk before and after this one; 0 and null where there is none. */
  readonly before: number
  readonly after: number | null
  /** Pages that the one after has: a disk may have shrunk. */
  readonly afterPages: number
}

async function readNeighbours(q: Queryable, version: number): Promise<Neighbours[]> {
  const rows = await q.query<
    Omit<Neighbours, 'afterPages'> & { sizeBytes: number | null; chunkBytes: number }
  >(
    `SELECT own.disk, disk.chunk_bytes AS "chunkBytes", coalesce(before.version, 0) AS before,
            after.version AS after, after.size_bytes AS "sizeBytes"
       FROM version_disk own JOIN disk ON disk.id = own.disk
       LEFT JOIN LATERAL (SELECT version FROM version_disk WHERE disk = own.disk
                             AND version < own.version ORDER BY version DESC LIMIT 1) before ON true
       LEFT JOIN LATERAL (SELECT version, size_bytes FROM version_disk WHERE disk = own.disk
                             AND version > own.version ORDER BY version LIMIT 1) after ON true
      WHERE own.version = $1 ORDER BY own.disk`,
    [version],
  )
  return rows.map(({ sizeBytes, chunkBytes, ...rest }) => ({
    ...rest,
    afterPages: pageCount(sizeBytes ?? 0, chunkBytes),
  }))
}

/**
 * A page born after the version before is read by this one alone, unless the one after reads it
 * too: it does where no younger page stands in between and the disk still reaches that far.
 */
async function removePages(q: Queryable, version: number, disk: Neighbours): Promise<void> {
  await q.query(
    `WITH removed AS (
       DELETE FROM page old WHERE disk = $1 AND version > $2 AND version <= $3
          AND ($4::int8 IS NULL OR page >= $5 OR EXISTS (
            SELECT FROM page younger WHERE younger.disk = old.disk AND younger.page = old.page
               AND younger.version > $3 AND younger.version <= $4))
       RETURNING segments)
     INSERT INTO suspect (segment) SELECT DISTINCT s FROM removed, unnest(segments) AS s`,
    [disk.disk, disk.before, version, disk.after, disk.afterPages],
  )
}

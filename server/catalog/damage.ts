import type { Queryable } from './database.ts'

/** Does the disk's map in this version name a chunk that was found damaged? */
export async function hasDamage(q: Queryable, disk: number, versionUid: string): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM damage
      JOIN page ON page.segments @> ARRAY[damage.chunk >> 10]
      JOIN version ON version.uid = $2
     WHERE page.disk = $1 AND page.version <= version.id LIMIT 1`,
    [disk, versionUid],
  )
  return rows.length > 0
}

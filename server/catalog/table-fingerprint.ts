import type { Queryable } from './database.ts'
import type { SnapshotTable } from './rebuild.ts'

/**
 * Of all rows of these tables, in whatever order, without some of their columns: another one means
 * that some row is another. Made by the database, so that no row travels.
 */
export async function fingerprintTables(
  q: Queryable,
  tables: readonly SnapshotTable[],
  without: readonly string[],
): Promise<string> {
  const each = tables.map(
    (table) =>
      `SELECT '${table}' AS name, count(*) AS rows,
              sum(hashtextextended((to_jsonb(t) - $1::text[])::text, 0)) AS hashes FROM ${table} t`,
  )
  const rows = await q.query<{ line: string }>(
    `SELECT name || ' ' || rows || ' ' || coalesce(hashes, 0) AS line
       FROM (${each.join(' UNION ALL ')}) AS tables ORDER BY name`,
    [without],
  )
  return rows.map(({ line }) => line).join('\n')
}

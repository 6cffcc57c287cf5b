import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from './database.ts'

const OLDEST_VERSION = 170_000 // the first with transaction_timeout

/** Refuses a PostgreSQL too old for what the catalog's statements need. */
export async function requireVersion(q: Queryable): Promise<void> {
  const [row] = await q.query<{ number: number; name: string }>(
    `SELECT current_setting('server_version_num')::int AS number,
            current_setting('server_version') AS name`,
  )
  if (row && row.number >= OLDEST_VERSION) return
  throw new HoldfastError('version-incompatible', `the database is PostgreSQL ${row?.name}`, {
    hint: 'Holdfast needs PostgreSQL 17 or newer, or none: it then starts its own.',
  })
}

/** Refuses a database that may lose what it said it committed. */
export async function requireDurability(q: Queryable): Promise<void> {
  const off = await q.query<{ name: string }>(
    `SELECT name FROM pg_settings
      WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
        AND setting NOT IN ('on', 'remote_apply') ORDER BY name`,
  )
  if (off.length === 0) return
  const names = off.map((row) => row.name).join(', ')
  throw new HoldfastError('database-failed', `the database runs without durability: ${names}`, {
    hint: `Switch on ${names} in PostgreSQL: acknowledged recovery points depend on it.`,
  })
}

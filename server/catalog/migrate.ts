import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { Database, Queryable } from './database.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

const FOLDER = new URL('./migrations/', import.meta.url)
const LOCK = 7_400_000_001 // any number, the same in every release

/**
 * Brings the schema to this release's: all that is missing in one transaction, under a lock that
 * several starting servers queue for. Gives the numbers that were applied.
 */
export async function migrate(database: Database, folder: URL = FOLDER): Promise<number[]> {
  const known = await readMigrations(folder)
  return database.tx(
    async (q) => {
      await q.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      await q.query(`CREATE TABLE IF NOT EXISTS schema_migration (
        number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now())`)
      return applyMissing(q, known)
    },
    { timeoutMs: 0 },
  )
}

async function applyMissing(q: Queryable, known: readonly Migration[]): Promise<number[]> {
  const applied = await q.query<{ number: number; name: string; sha256: string }>(
    'SELECT number, name, sha256 FROM schema_migration ORDER BY number',
  )
  for (const row of applied) {
    requireSame(
      row,
      known.find((one) => one.number === row.number),
    )
  }
  const missing = known.filter((one) => !applied.some((row) => row.number === one.number))
  for (const one of missing) {
    await q.query(one.sql)
    await q.query('INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, $3)', [
      one.number,
      one.name,
      one.sha256,
    ])
  }
  return missing.map((one) => one.number)
}

function requireSame(
  applied: { number: number; name: string; sha256: string },
  known: Migration | undefined,
): void {
  if (!known)
    throw new HoldfastError(
      'data-folder-newer',
      `the catalog was written by a newer version: it has migration ${applied.name}`,
      { hint: 'Start the newer version of Holdfast again; this one cannot read the catalog.' },
    )
  if (known.sha256 !== applied.sha256)
    throw new HoldfastError(
      'catalog-inconsistent',
      `migration ${applied.name} is not the one that was applied to this catalog`,
      { hint: 'Install Holdfast anew: its migration files were changed after their release.' },
    )
}

/** The numbered files of a folder, in order; refuses two of one number. */
export async function readMigrations(folder: URL = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort()
  const migrations: Migration[] = []
  for (const name of names) {
    const sql = await readFile(new URL(name, folder), 'utf8')
    const number = Number(name.slice(0, 4))
    if (migrations.at(-1)?.number === number) throw new Error(`two migrations ${number}`)
    const sha256 = createHash('sha256').update(sql).digest('hex')
    migrations.push({ number, name, sql, sha256 })
  }
  return migrations
}

import type { Queryable } from './database.ts'

/** A data source of kind 'derived': one disk taken out of the points of another data source. */
export interface DerivedSource {
  readonly id: string
  readonly disk: number
}

/** What its key says is what it is of, whatever names change. */
export function derivedKey(dataSource: string, disk: string): string {
  return `derived:${dataSource}:${disk}`
}

/** Locked, so that one derivation at a time looks for it and makes it. */
export async function lockOriginal(
  q: Queryable,
  dataSource: string,
): Promise<{ host: string; name: string } | undefined> {
  const [row] = await q.query<{ host: string; name: string }>(
    `SELECT host, name FROM data_source WHERE id = $1 FOR NO KEY UPDATE`,
    [dataSource],
  )
  return row
}

export async function findDerived(q: Queryable, key: string): Promise<string | undefined> {
  const [row] = await q.query<{ id: string }>(
    `SELECT id FROM data_source WHERE key = $1 AND kind = 'derived'`,
    [key],
  )
  return row?.id
}

export async function isNameTaken(q: Queryable, host: string, name: string): Promise<boolean> {
  const rows = await q.query(`SELECT 1 FROM data_source WHERE host = $1 AND name = $2`, [
    host,
    name,
  ])
  return rows.length > 0
}

export async function putDerivedDisk(
  q: Queryable,
  source: string,
  disk: { name: string; chunkBytes: number; format: string; sizeBytes: number },
): Promise<number> {
  const [row] = await q.query<{ id: number }>(
    `INSERT INTO disk (data_source, name, chunk_bytes, format, size_bytes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (data_source, name) DO UPDATE SET format = $4, size_bytes = $5 RETURNING id`,
    [source, disk.name, disk.chunkBytes, disk.format, disk.sizeBytes],
  )
  if (!row) throw new Error('no row came of an upsert')
  return row.id
}

/** Ends what a derivation that was cut has left behind; gives its open transfer. */
export async function endStaleDerivation(
  q: Queryable,
  source: string,
): Promise<string | undefined> {
  await q.query(
    `UPDATE job SET state = 'failed', epoch = epoch + 1, finished_at = now(), holder = NULL,
            error = '{"code": "job-interrupted", "message": "the server was stopped"}'
      WHERE data_source = $1 AND (state = 'queued' OR (state = 'running' AND expires_at < now()))`,
    [source],
  )
  const [open] = await q.query<{ id: string }>(
    `SELECT t.id FROM transfer t JOIN job j ON j.id = t.job
      WHERE t.data_source = $1 AND t.state = 'open' AND j.state NOT IN ('queued', 'running')`,
    [source],
  )
  return open?.id
}

/** The point's version stays while it is read from, unless it is deleted already. */
export async function holdPointVersion(
  q: Queryable,
  point: string,
  holder: string,
): Promise<number | undefined> {
  const [row] = await q.query<{ version: number | null; state: string }>(
    `SELECT version, state FROM recovery_point WHERE id = $1 FOR SHARE`,
    [point],
  )
  if (!row || row.version === null || row.state === 'deleted') return undefined
  await q.query(`INSERT INTO hold (version, holder) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    row.version,
    holder,
  ])
  return row.version
}

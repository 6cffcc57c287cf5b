import { parseNumbers } from './array-text.ts'
import type { Queryable } from './database.ts'

/** What of a transfer is stored: chunk `chunks[i]` belongs at `places[i]`. */
export interface StagedBatch {
  readonly places: readonly number[]
  readonly chunks: readonly number[]
}

export async function insertStaged(
  q: Queryable,
  transfer: string,
  batch: StagedBatch,
): Promise<void> {
  if (batch.places.length === 0) return
  let first = Infinity
  let last = -Infinity
  for (const place of batch.places) {
    first = Math.min(first, place)
    last = Math.max(last, place)
  }
  await q.query(
    `INSERT INTO staged (transfer, first, last, places, chunks)
     VALUES ($1, $2, $3, $4::text::int8[], $5::text::int8[])`,
    [transfer, first, last, `{${batch.places.join(',')}}`, `{${batch.chunks.join(',')}}`],
  )
}

/** Staged chunks with places in [from, to), later batches after earlier ones: the last one counts. */
export async function readStaged(
  q: Queryable,
  transfer: string,
  from: number,
  to: number,
): Promise<Map<number, number>> {
  const rows = await q.query<{ places: string; chunks: string }>(
    `SELECT places::text AS places, chunks::text AS chunks FROM staged
      WHERE transfer = $1 AND first < $3 AND last >= $2 ORDER BY id`,
    [transfer, from, to],
  )
  const staged = new Map<number, number>()
  for (const row of rows) {
    const chunks = parseNumbers(row.chunks)
    for (const [at, place] of parseNumbers(row.places).entries())
      if (place >= from && place < to) staged.set(place, chunks[at] ?? 0)
  }
  return staged
}

export async function hasStaged(
  q: Queryable,
  transfer: string,
  from: number,
  to: number,
): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM staged WHERE transfer = $1 AND first < $3 AND last >= $2 LIMIT 1`,
    [transfer, from, to],
  )
  return rows.length > 0
}

import { SEGMENTS_OF_A_PACK } from './packs.ts'
import type { Queryable } from './database.ts'

/** Statements of a rebuild: rows with ids that the store remembers. */

export interface RebuiltPack {
  readonly name: string
  /** Uid. */
  readonly volume: string
  readonly state: 'sealed' | 'damaged' | 'condemned'
  readonly firstSegment: number
  readonly bytes: number
  readonly generation: number
}

export async function upsertVolume(q: Queryable, uid: string, path: string): Promise<void> {
  await q.query(
    `INSERT INTO volume (uid, path) VALUES ($1, $2)
     ON CONFLICT (uid) DO UPDATE SET path = excluded.path`,
    [uid, path],
  )
}

/** The pack's row, made or found by its name; gives its id. */
export async function upsertPack(q: Queryable, pack: RebuiltPack): Promise<number> {
  const [row] = await q.query<{ id: number }>(
    `INSERT INTO pack (name, volume, state, first_segment, bytes, generation, condemned_at)
     SELECT $1, volume.id, $3, $4, $5, $6, CASE WHEN $3 = 'condemned' THEN now() END
       FROM volume WHERE volume.uid = $2
     ON CONFLICT (name) DO UPDATE
       SET volume = excluded.volume, state = excluded.state, bytes = excluded.bytes,
           condemned_at = excluded.condemned_at
     RETURNING id`,
    [pack.name, pack.volume, pack.state, pack.firstSegment, pack.bytes, pack.generation],
  )
  if (!row) throw new Error(`volume ${pack.volume} is not in the catalog`)
  return row.id
}

export interface RebuiltSegment {
  readonly id: number
  readonly baseOffset: number
  readonly count: number
  readonly digests: Buffer
  readonly lengths: Buffer
  /** One character a position, 1: dropped; null: none. */
  readonly holes: string | null
}

/** Places of segments by what the pack says; ids of those that the catalog did not have. */
export async function upsertSegments(
  q: Queryable,
  pack: number,
  segments: readonly RebuiltSegment[],
): Promise<number[]> {
  const rows = await q.query<{ id: number; fresh: boolean }>(
    `INSERT INTO segment (id, pack, base_offset, count, digests, lengths, holes)
     SELECT id, $1, base_offset, count, digests, lengths, holes::varbit
       FROM unnest($2::int8[], $3::int[], $4::smallint[], $5::bytea[], $6::bytea[], $7::text[])
         AS new (id, base_offset, count, digests, lengths, holes)
     ON CONFLICT (id) DO UPDATE
       SET pack = excluded.pack, base_offset = excluded.base_offset, count = excluded.count,
           digests = excluded.digests, lengths = excluded.lengths, holes = excluded.holes
     RETURNING id, xmax = 0 AS fresh`,
    [
      pack,
      segments.map((s) => s.id),
      segments.map((s) => s.baseOffset),
      segments.map((s) => s.count),
      segments.map((s) => s.digests),
      segments.map((s) => s.lengths),
      segments.map((s) => s.holes),
    ],
  )
  return rows.filter((row) => row.fresh).map((row) => row.id)
}

/** Which pack the catalog says that each of these segments lies in, by the pack's name. */
export async function packsOfSegments(
  q: Queryable,
  segments: readonly number[],
): Promise<Map<number, string>> {
  const rows = await q.query<{ id: number; name: string }>(
    `SELECT segment.id, pack.name FROM segment JOIN pack ON pack.id = segment.pack
      WHERE segment.id = ANY($1::int8[]) AND pack.state IN ('sealed', 'damaged')`,
    [segments],
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** What no page names is for the sweep to decide. */
export async function suspectUnnamedSegments(q: Queryable): Promise<void> {
  await q.query(
    `WITH named AS MATERIALIZED (SELECT DISTINCT unnest(segments) AS id FROM page)
     INSERT INTO suspect (segment)
     SELECT segment.id FROM segment WHERE NOT EXISTS (SELECT FROM named WHERE named.id = segment.id)`,
  )
}

/** Transfers that were under way begin anew: what they had staged may not be there any more. */
export async function abandonTransfers(q: Queryable): Promise<void> {
  await q.query(`UPDATE transfer SET state = 'abandoned' WHERE state = 'open'`)
  await q.query(`DELETE FROM pin`)
  await q.query(`DELETE FROM hold`)
  await q.query(`DELETE FROM staged`)
  await q.query(`DELETE FROM version WHERE state = 'reserved'`)
}

/** Packs may have been announced that left no trace: their ids are skipped as well. */
const SKIPPED_PACKS = 4096

/** All ids that come from here on lie above those that the store knows. */
export async function raiseSequences(q: Queryable): Promise<void> {
  for (const table of ['version', 'disk', 'volume', 'pack', 'inconsistency'])
    await q.query(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'),
                greatest((SELECT max(id) FROM ${table}), nextval(pg_get_serial_sequence('${table}', 'id'))))`,
    )
  await q.query(
    `SELECT setval('segment_id', greatest(
        nextval('segment_id'),
        (SELECT coalesce(max(id), 0) / $1 * $1 FROM segment),
        (SELECT coalesce(max(first_segment), 0) / $1 * $1 FROM pack)) + $1 * $2)`,
    [SEGMENTS_OF_A_PACK, SKIPPED_PACKS],
  )
}

/** The catalog becomes that of the store, and not older than it. */
export async function adoptStore(
  q: Queryable,
  store: { storeId: string; catalogId: string; generation: number },
): Promise<void> {
  await q.query(
    `INSERT INTO catalog_identity (catalog_id, store_id, generation) VALUES ($1, $2, $3)
     ON CONFLICT (one) DO UPDATE
       SET catalog_id = excluded.catalog_id, store_id = excluded.store_id,
           generation = greatest(catalog_identity.generation, excluded.generation)`,
    [store.catalogId, store.storeId, store.generation],
  )
}

/** Tables of a snapshot, in the order in which their rows may be inserted. */
export const SNAPSHOT_TABLES = [
  'operator',
  'operator_token',
  'operator_scope',
  'operator_identity',
  'audit_head',
  'host',
  'volume',
  'data_source',
  'disk',
  'healed_chunk',
  ...(['protection_group', 'group_member', 'stopped_protection', 'inconsistency'] as const),
  'subscriber',
] as const
export type SnapshotTable = (typeof SNAPSHOT_TABLES)[number]
export type SnapshotRow = Record<string, unknown>

export async function readTable(q: Queryable, table: SnapshotTable): Promise<SnapshotRow[]> {
  const rows = await q.query<{ row: SnapshotRow }>(`SELECT to_jsonb(t) AS row FROM ${table} t`)
  return rows.map(({ row }) => row)
}

/** What somebody wished last is in the snapshot: an older catalog's groups give way to it as a whole. */
export async function clearGroups(q: Queryable): Promise<void> {
  for (const table of ['group_member', 'stopped_protection', 'inconsistency', 'protection_group'])
    await q.query(`DELETE FROM ${table}`)
}

/** Rows that are there stay as they are. Columns that came later have their defaults. */
export async function insertTable(
  q: Queryable,
  table: SnapshotTable,
  rows: readonly SnapshotRow[],
): Promise<void> {
  const columns = await q.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = $1`,
    [table],
  )
  for (const row of rows) {
    const names = columns.map(({ name }) => name).filter((name) => name in row)
    const list = names.map((name) => `"${name}"`).join(', ')
    await q.query(
      `INSERT INTO ${table} (${list}) OVERRIDING SYSTEM VALUE
       SELECT ${list} FROM jsonb_populate_record(NULL::${table}, $1::jsonb) ON CONFLICT DO NOTHING`,
      [JSON.stringify(row)],
    )
  }
}

/** In snapshots of the first release the one token of an operator was a column of its row. */
export async function insertFormerTokens(
  q: Queryable,
  operators: readonly SnapshotRow[],
): Promise<void> {
  await q.query(
    `INSERT INTO operator_token (id, operator, hash, expires_at)
     SELECT 'token-' || substr(md5(id), 1, 12), id, token_hash, expires_at
       FROM jsonb_to_recordset($1::jsonb) AS sealed (id text, token_hash bytea, expires_at timestamptz)
      WHERE token_hash IS NOT NULL ON CONFLICT DO NOTHING`,
    [JSON.stringify(operators)],
  )
}

/** What was revoked or removed stays so, also where the catalog is older than that. */
export async function keepRevocations(
  q: Queryable,
  hosts: readonly SnapshotRow[],
  operators: readonly SnapshotRow[],
  tokens: readonly SnapshotRow[],
): Promise<void> {
  for (const [table, column, rows] of [
    ['host', 'revoked_at', hosts],
    ['operator', 'removed_at', operators],
    ['operator_token', 'revoked_at', tokens],
  ] as const)
    await q.query(
      `UPDATE ${table} SET ${column} = sealed.${column}
         FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb) AS sealed
        WHERE sealed.id = ${table}.id AND ${table}.${column} IS NULL`,
      [JSON.stringify(rows)],
    )
}

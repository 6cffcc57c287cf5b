import type { Queryable } from './database.ts'

/**
 * The schema as text, from the database's own catalogs and always in one order, for
 * `server/catalog/schema.sql`: what the migrations add up to, to read and to compare with.
 */
export async function dumpSchema(q: Queryable): Promise<string> {
  const tables = await q.query<{ name: string; partitionedBy: string | null }>(
    `SELECT relname AS name, pg_get_partkeydef(oid) AS "partitionedBy" FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      ORDER BY relname`,
  )
  const parts: string[] = []
  for (const table of tables) parts.push(await dumpTable(q, table.name, table.partitionedBy))
  return `${[await dumpSequences(q), ...(await functions(q)), ...parts].join('\n\n')}\n`
}

async function dumpTable(
  q: Queryable,
  name: string,
  partitionedBy: string | null,
): Promise<string> {
  const lines = [...(await columns(q, name)), ...(await constraints(q, name))]
  const parts = await partitions(q, name)
  const by = partitionedBy === null ? '' : ` PARTITION BY ${partitionedBy}`
  const note = parts === 0 ? '' : ` -- ${parts} partitions`
  const table = `CREATE TABLE ${name} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)${by};${note}`
  return [table, ...(await indexes(q, name)), ...(await triggers(q, name))].join('\n')
}

async function columns(q: Queryable, table: string): Promise<string[]> {
  const rows = await q.query<{ line: string }>(
    `SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod),
              CASE WHEN attnotnull THEN 'NOT NULL' END,
              CASE attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' END,
              'DEFAULT ' || pg_get_expr(adbin, adrelid),
              CASE WHEN attstorage = 'e' THEN 'STORAGE EXTERNAL' END) AS line
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  )
  return rows.map((row) => row.line)
}

/** Without the names that PostgreSQL makes up for NOT NULL, which are columns' matter here. */
async function constraints(q: Queryable, table: string): Promise<string[]> {
  const rows = await q.query<{ line: string }>(
    `SELECT 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
      WHERE conrelid = $1::regclass AND contype <> 'n' ORDER BY contype DESC, conname`,
    [table],
  )
  return rows.map((row) => row.line)
}

async function indexes(q: Queryable, table: string): Promise<string[]> {
  const rows = await q.query<{ line: string }>(
    `SELECT pg_get_indexdef(indexrelid) || ';' AS line FROM pg_index
      WHERE indrelid = $1::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
      ORDER BY 1`,
    [table],
  )
  return rows.map((row) => row.line)
}

async function triggers(q: Queryable, table: string): Promise<string[]> {
  const rows = await q.query<{ line: string }>(
    `SELECT pg_get_triggerdef(oid) || ';' AS line FROM pg_trigger
      WHERE tgrelid = $1::regclass AND NOT tgisinternal ORDER BY tgname`,
    [table],
  )
  return rows.map((row) => row.line)
}

async function functions(q: Queryable): Promise<string[]> {
  const rows = await q.query<{ text: string }>(
    `SELECT pg_get_functiondef(oid) || ';' AS text FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' ORDER BY proname`,
  )
  return rows.map((row) => row.text)
}

async function partitions(q: Queryable, table: string): Promise<number> {
  const rows = await q.query(`SELECT 1 FROM pg_inherits WHERE inhparent = $1::regclass`, [table])
  return rows.length
}

/** Those of no column. */
async function dumpSequences(q: Queryable): Promise<string> {
  const rows = await q.query<{ line: string }>(
    `SELECT format('CREATE SEQUENCE %s INCREMENT %s START %s;', relname, seqincrement, seqstart) AS line
       FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
      WHERE relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = seqrelid AND deptype IN ('a', 'i'))
      ORDER BY relname`,
  )
  return rows.map((row) => row.line).join('\n')
}

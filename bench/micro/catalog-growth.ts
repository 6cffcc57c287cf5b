/*
 * What the catalog of one large disk costs: 128 GiB in chunks of 128 KiB, a first point and then 1 % of
 * the chunks changed a day, scattered, through the product's own statements. Sizes × 8 are a TiB's.
 *
 *   node bench/micro/catalog-growth.ts [DAYS]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { compressPage, encodeRun, pageSegments } from '../../core/model/map-page.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { openDatabase, type Database } from '../../server/catalog/database.ts'
import { insertHooks } from '../../server/catalog/hooks.ts'
import { migrate } from '../../server/catalog/migrate.ts'
import { insertPages, readPages } from '../../server/catalog/pages.ts'
import { insertSegments } from '../../server/catalog/segments.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'

const CHUNKS = 1024 * 1024
const DAYS = Number(process.argv[2] ?? 29)
const CHANGED_A_DAY = Math.round(CHUNKS / 100)
const MB = 1e6

let nextSegment = 64

/** New chunks, as a transfer leaves them: a pack's worth of segments in one transaction. */
async function store(database: Database, count: number): Promise<number[]> {
  const ids: number[] = []
  for (let left = count; left > 0; left -= PAGE_CHUNKS) {
    const chunks = Math.min(left, PAGE_CHUNKS)
    const id = nextSegment++
    const digests = systemRandom.bytes(chunks * DIGEST_BYTES)
    const lengths = Buffer.alloc(chunks * 4, 0x31)
    const segment = { id, baseOffset: 4096, count: chunks, digests, lengths }
    await database.tx(async (q) => {
      await insertSegments(q, 1, [segment])
      await insertHooks(q, [segment])
    })
    for (let position = 0; position < chunks; position++) ids.push(id * PAGE_CHUNKS + position)
  }
  return ids
}

async function commit(database: Database, version: number, map: number[], pages: Iterable<number>) {
  const rows = [...pages].map((page) => {
    const ids = map.slice(page * PAGE_CHUNKS, (page + 1) * PAGE_CHUNKS)
    const runs = compressPage(ids)
    const digest = systemRandom.bytes(DIGEST_BYTES)
    const segments = pageSegments(runs)
    return { disk: 1, page, entries: ids.length, runs: runs.map(encodeRun), segments, digest }
  })
  const started = performance.now()
  await database.tx((q) => insertPages(q, version, rows))
  return performance.now() - started
}

async function sizes(database: Database): Promise<Record<string, number>> {
  const rows = await database.query<{ table: string; bytes: number }>(
    `SELECT coalesce(parent.relname, c.relname) AS table, sum(pg_total_relation_size(c.oid))::int8 AS bytes
       FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
       LEFT JOIN pg_class parent ON parent.oid = i.inhparent
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1`,
  )
  return Object.fromEntries(rows.map((row) => [row.table, row.bytes]))
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-growth-'))
const postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
const database = await openDatabase({ url: postgres.url, log: silentLogger })
try {
  await migrate(database)
  await database.query(`INSERT INTO volume (uid, path) VALUES ('v', '/v')`)
  await database.query(
    `INSERT INTO pack (name, volume, state, first_segment) VALUES ('p', 1, 'sealed', 64)`,
  )
  const map = await store(database, CHUNKS)
  await commit(database, 1, map, Array(CHUNKS / PAGE_CHUNKS).keys())
  let last = 0
  for (let day = 1; day <= DAYS; day++) {
    const fresh = await store(database, CHANGED_A_DAY)
    const touched = new Set<number>()
    for (const id of fresh) {
      const index = systemRandom.bytes(4).readUInt32LE() % CHUNKS
      map[index] = id
      touched.add(Math.floor(index / PAGE_CHUNKS))
    }
    last = await commit(database, day + 1, map, touched)
  }
  await database.query('VACUUM')
  const bytes = await sizes(database)
  const perTiB = (names: string[]) => (names.reduce((sum, n) => sum + (bytes[n] ?? 0), 0) * 8) / MB
  const started = performance.now()
  await readPages(database, 1, DAYS + 1, 0, 0)
  const opened = performance.now() - started
  console.log(`points ${DAYS + 1}, chunks ${CHUNKS + DAYS * CHANGED_A_DAY}`)
  console.log(
    `maps ${perTiB(['page']).toFixed(0)} MB/TiB, segments ${perTiB(['segment']).toFixed(0)}, hooks ${perTiB(['digest_hook']).toFixed(0)}`,
  )
  console.log(
    `together ${(perTiB(['page', 'segment', 'digest_hook']) / 1073.741824).toFixed(2)} GiB/TiB`,
  )
  console.log(
    `pages of the last day inserted in ${last.toFixed(0)} ms; a page of the newest point read in ${opened.toFixed(1)} ms`,
  )
} finally {
  await database.close()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

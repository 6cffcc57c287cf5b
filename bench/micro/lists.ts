/*
 * How long lists take over years of points: one data source of 10,000, 999 of 100 each, 40 jobs and 40
 * dues of each. Through the product's own statements, medians of nine, first pages as people see them.
 *
 *   node bench/micro/lists.ts [SOURCES [POINTS]]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../core/runtime/log.ts'
import { decideRetention } from '../../core/model/retention/policy.ts'
import { openDatabase, type Database } from '../../server/catalog/database.ts'
import { getGroupView, listGroupViews } from '../../server/catalog/groups-view.ts'
import { listMembers } from '../../server/catalog/group-members.ts'
import { listJobs } from '../../server/catalog/jobs-view.ts'
import { migrate } from '../../server/catalog/migrate.ts'
import { listPoints } from '../../server/catalog/points.ts'
import { retainedPoints, sourcesToExpire } from '../../server/catalog/retained-points.ts'
import { listSources } from '../../server/catalog/sources.ts'
import { readCatalogStatus } from '../../server/catalog/status.ts'
import { readStorageFigures } from '../../server/catalog/storage.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'
import { fillCatalog, POINT_FILTERS } from '../data/years-of-points.ts'

const SOURCES = Number(process.argv[2] ?? 1000)
const POINTS = Number(process.argv[3] ?? 10_000)
const ROUNDS = 9
const PAGE = 100

async function expireFirst(database: Database): Promise<void> {
  const rules = { retainDays: 14, keep: { daily: 30, weekly: 12, monthly: 60, yearly: 10 } }
  const settings = { rules, timeZone: 'Europe/Berlin' }
  decideRetention(await retainedPoints(database, 'source-0'), settings, [], Date.now())
}

async function measure(name: string, run: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    await run()
    times.push(performance.now() - started)
  }
  const median = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
  console.log(`${median.toFixed(1).padStart(8)} ms  ${name}`)
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-lists-'))
const postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
const database = await openDatabase({ url: postgres.url, log: silentLogger })
try {
  await migrate(database)
  await fillCatalog(database, { sources: SOURCES, points: POINTS })
  const now = Date.now()
  for (const [name, filter] of Object.entries(POINT_FILTERS))
    await measure(`point list, ${name}`, () => listPoints(database, { ...filter, limit: PAGE }))
  await measure('points of one source, what retention says', () => expireFirst(database))
  await measure('sources where something may expire', () => sourcesToExpire(database, new Date()))
  await measure('status', () => readCatalogStatus(database))
  await measure('storage status', () => readStorageFigures(database))
  await measure('source list', () => listSources(database, {}))
  await measure('source list, unprotected', () => listSources(database, { unprotected: true }))
  await measure('group list', () => listGroupViews(database, now))
  await measure('group show', () => getGroupView(database, 'group-3', now))
  await measure('members, as the schedule reads them each minute', () => listMembers(database))
  await measure('job list', () => listJobs(database, { limit: PAGE }))
  await measure('job list, failed', () => listJobs(database, { state: 'failed', limit: PAGE }))
  await measure('job list, group', () => listJobs(database, { group: 'group-3', limit: PAGE }))
} finally {
  await database.close()
  await postgres.stop()
  await rm(folder, { recursive: true })
}

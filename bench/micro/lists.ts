/*
 * `npm run bench:lists`: how long lists take over years of points, 40 jobs and 40 dues of each source, an
 * event for each point. Through the product's own statements, medians of nine, first pages as people see
 * them. A million points take some 1.5 GB of disk below the folder for temporary files.
 *
 *   npm run bench:lists -- [--sources 1000] [--points 10000] [--large 5] [--other 1000]
 *
 * `--large` sources have `--points` each, all others `--other`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { silentLogger } from '../../core/runtime/log.ts'
import { decideRetention } from '../../core/model/retention/policy.ts'
import { openDatabase, type Database } from '../../server/catalog/database.ts'
import { getGroupView, listGroupViews } from '../../server/catalog/groups-view.ts'
import { listMembers } from '../../server/catalog/group-members.ts'
import { listEvents } from '../../server/catalog/events.ts'
import { listJobs } from '../../server/catalog/jobs-view.ts'
import { migrate } from '../../server/catalog/migrate.ts'
import { listPoints } from '../../server/catalog/points.ts'
import { retainedPoints, sourcesToExpire } from '../../server/catalog/retained-points.ts'
import { listSources } from '../../server/catalog/sources.ts'
import { readCatalogStatus } from '../../server/catalog/status.ts'
import { readStorageFigures } from '../../server/catalog/storage.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'
import { EVENT_FILTERS, fillCatalog, JOB_FILTERS, POINT_FILTERS } from '../data/years-of-points.ts'

const { values } = parseArgs({
  options: {
    sources: { type: 'string', default: '1000' },
    points: { type: 'string', default: '10000' },
    large: { type: 'string', default: '5' },
    other: { type: 'string', default: '1000' },
  },
})
const MANY = {
  ...{ sources: Number(values.sources), points: Number(values.points) },
  ...{ large: Number(values.large), other: Number(values.other) },
}
/** What a list may take. */
const LIMIT_MS = 100
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
  const mark = median > LIMIT_MS ? ', too slow' : ''
  console.log(`| ${name} | ${median.toFixed(1)} ms${mark} |`)
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-lists-'))
const postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
const database = await openDatabase({ url: postgres.url, log: silentLogger })
try {
  await migrate(database)
  const started = performance.now()
  await fillCatalog(database, MANY)
  const seconds = (performance.now() - started) / 1000
  const [size] = await database.query<{ points: number; bytes: number }>(
    `SELECT (SELECT count(*)::int FROM recovery_point) AS points,
            pg_database_size(current_database()) AS bytes`,
  )
  console.log(
    `${size?.points} points of ${MANY.sources} sources, ${((size?.bytes ?? 0) / 2 ** 20).toFixed(0)} MiB of catalog, made in ${seconds.toFixed(0)} s\n`,
  )
  console.log('| | median of nine |\n| --- | --- |')
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
  for (const [name, filter] of Object.entries(JOB_FILTERS))
    await measure(`job list, ${name}`, () => listJobs(database, { ...filter, limit: PAGE }))
  await measure('event list, about the source with the most points', () =>
    listEvents(database, { about: 'source-0', limit: PAGE }),
  )
  for (const [name, filter] of Object.entries(EVENT_FILTERS))
    await measure(`event list, ${name}`, () => listEvents(database, { ...filter, limit: PAGE }))
} finally {
  await database.close()
  await postgres.stop()
  await rm(folder, { recursive: true })
}

import assert from 'node:assert/strict'
import test from 'node:test'
import type { Database, Queryable, Row } from '../../server/catalog/database.ts'
import { lockWaitingDues } from '../../server/catalog/dues.ts'
import { getGroupView } from '../../server/catalog/groups-view.ts'
import { badTimes } from '../../server/catalog/inconsistencies.ts'
import { listJobs } from '../../server/catalog/jobs-view.ts'
import { retainedPoints, sourcesToExpire } from '../../server/catalog/retained-points.ts'
import { getSource, listSources } from '../../server/catalog/sources.ts'
import { fillCatalog } from '../../bench/data/years-of-points.ts'
import { testDatabase } from '../support/database.ts'

/** Tables that grow for years. */
const LARGE = ['recovery_point', 'version', 'version_disk', 'page', 'job', 'due', 'event']

/** Answers as the database does, and keeps what it was asked. */
class Recording implements Queryable {
  readonly asked: { readonly text: string; readonly values: readonly unknown[] }[] = []
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  query<R = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    this.asked.push({ text, values })
    return this.#database.query(text, values)
  }

  /** Of all that was asked: where a large table is read whole. */
  async wholeReads(): Promise<string[]> {
    const found: string[] = []
    for (const { text, values } of this.asked) {
      const lines = await this.#database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
      for (const { 'QUERY PLAN': line } of lines)
        if (LARGE.some((table) => new RegExp(`Seq Scan on ${table}\\b`).test(line)))
          found.push(`${line.trim()} of ${text.trim().slice(0, 60)}`)
    }
    return found
  }
}

const NOW = new Date()
const DAY_AGO = new Date(NOW.getTime() - 86_400_000).toISOString()

/** What expiry, the schedule and lists ask about a part of the catalog, by the product's own functions. */
const ASKED: Readonly<Record<string, (q: Queryable) => Promise<unknown>>> = {
  'points of one source, for its rules': (q) => retainedPoints(q, 'source-7'),
  'times that do not count': (q) => badTimes(q, 'source-0'),
  'sources where something may expire': (q) => sourcesToExpire(q, NOW),
  'what may start': (q) => lockWaitingDues(q, NOW, 50),
  'one source': (q) => getSource(q, 'source-7'),
  'sources of a host': (q) => listSources(q, { host: 'host-3' }),
  'one group': (q) => getGroupView(q, 'group-1', NOW.getTime()),
  'newest jobs': (q) => listJobs(q, { limit: 100 }),
  'failed jobs': (q) => listJobs(q, { state: 'failed', limit: 100 }),
  'jobs of a source': (q) => listJobs(q, { dataSource: 'source-7', limit: 100 }),
  'jobs of a group': (q) => listJobs(q, { group: 'group-1', limit: 100 }),
  'jobs of a kind': (q) => listJobs(q, { kind: 'collection', limit: 100 }),
  'jobs since yesterday': (q) => listJobs(q, { since: DAY_AGO, limit: 100 }),
}

test('expiry, schedule and lists of a part read no large table whole', async (t) => {
  const database = await testDatabase(t)
  await fillCatalog(database, { sources: 200, points: 10_000 })
  for (const [name, ask] of Object.entries(ASKED)) {
    const recording = new Recording(database)
    await ask(recording)
    assert.ok(recording.asked.length > 0)
    assert.deepEqual(await recording.wholeReads(), [], name)
  }
})

import assert from 'node:assert/strict'
import test from 'node:test'
import type { Database, Queryable, Row } from '../../server/catalog/database.ts'
import { lockWaitingDues, openDuesOf } from '../../server/catalog/dues.ts'
import { listEvents } from '../../server/catalog/events.ts'
import { getGroupView } from '../../server/catalog/groups-view.ts'
import { badTimes } from '../../server/catalog/inconsistencies.ts'
import { busySources } from '../../server/catalog/jobs.ts'
import { listJobs } from '../../server/catalog/jobs-view.ts'
import {
  retainedPoints,
  retainedPointsOf,
  sourcesToExpire,
} from '../../server/catalog/retained-points.ts'
import { getSource, listSources } from '../../server/catalog/sources.ts'
import { replicatedOf } from '../../server/catalog/versions.ts'
import { EVENT_FILTERS, fillCatalog, JOB_FILTERS } from '../../bench/data/years-of-points.ts'
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

/** What expiry, the schedule and lists ask about a part of the catalog, by the product's own functions. */
const ASKED: Readonly<Record<string, (q: Queryable) => Promise<unknown>>> = {
  'points of one source, for its rules': (q) => retainedPoints(q, 'source-7'),
  'times that do not count': (q) => badTimes(q, 'source-0'),
  'sources where something may expire': (q) => sourcesToExpire(q, NOW),
  'what may start': (q) => lockWaitingDues(q, NOW, 50),
  'one source': (q) => getSource(q, 'source-7'),
  'sources of a host': (q) => listSources(q, { host: 'host-3' }),
  'one group': (q) => getGroupView(q, 'group-1', NOW.getTime()),
  'points of several sources, for their rules': (q) =>
    retainedPointsOf(q, ['source-7', 'source-8']),
  'what is open of several sources': (q) => openDuesOf(q, ['source-7', 'source-8']),
  'what keeps several sources busy': (q) => busySources(q, ['source-7', 'source-8']),
  'which of several sources have a version': (q) => replicatedOf(q, ['source-7', 'source-8']),
}

/** The lists of jobs and events with every filter; those of points are in plans.test.ts. */
function* lists(): Iterable<[string, (q: Queryable) => Promise<unknown>]> {
  for (const [name, filter] of Object.entries(JOB_FILTERS))
    yield [`jobs: ${name}`, (q) => listJobs(q, { ...filter, limit: 100 })]
  for (const [name, filter] of Object.entries(EVENT_FILTERS))
    yield [`events: ${name}`, (q) => listEvents(q, { ...filter, limit: 100 })]
}

test('expiry, schedule and lists of a part read no large table whole', async (t) => {
  const database = await testDatabase(t)
  await fillCatalog(database, { sources: 200, points: 10_000 })
  for (const [name, ask] of [...Object.entries(ASKED), ...lists()]) {
    const recording = new Recording(database)
    await ask(recording)
    assert.ok(recording.asked.length > 0)
    assert.deepEqual(await recording.wholeReads(), [], name)
  }
})

import assert from 'node:assert/strict'
import test from 'node:test'
import type { Database } from '../../server/catalog/database.ts'
import { LIST_POINTS, listPoints, pointFilterValues } from '../../server/catalog/points.ts'
import { testDatabase } from '../support/database.ts'
import { fillCatalog, POINT_FILTERS } from '../../bench/data/years-of-points.ts'

/** Tables that grow for years: reading one whole is not an answer to a question about a part of it. */
const LARGE = ['recovery_point', 'version', 'version_disk', 'page', 'job', 'due', 'event']

async function wholeReads(
  database: Database,
  text: string,
  values: readonly unknown[],
): Promise<string[]> {
  const lines = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
  return lines
    .map((line) => line['QUERY PLAN'])
    .filter((line) => LARGE.some((table) => line.includes(`Seq Scan on ${table}`)))
}

test('every filter of the list of points is answered by an index, and pages make up the whole', async (t) => {
  const database = await testDatabase(t)
  await fillCatalog(database, { sources: 200, points: 10_000 })
  for (const [name, filter] of Object.entries(POINT_FILTERS)) {
    const values = pointFilterValues({ ...filter, limit: 100 })
    assert.deepEqual(await wholeReads(database, LIST_POINTS, values), [], name)
  }
  for (const filter of [{ dataSource: 'source-0' }, { group: 'group-1' }, { label: 'release-3' }]) {
    const whole = (await listPoints(database, filter)).map(({ id }) => id)
    const paged: string[] = []
    for (;;) {
      const page = await listPoints(database, { ...filter, limit: 700, before: paged.at(-1) })
      paged.push(...page.map(({ id }) => id))
      if (page.length < 700) break
    }
    assert.ok(whole.length > 0)
    assert.deepEqual(paged, whole)
  }
})

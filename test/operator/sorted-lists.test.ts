import assert from 'node:assert/strict'
import test from 'node:test'
import { ALERT_COLUMNS } from '../../server/catalog/alerts-view.ts'
import type { Database } from '../../server/catalog/database.ts'
import { EVENT_COLUMNS } from '../../server/catalog/events.ts'
import { JOB_COLUMNS } from '../../server/catalog/jobs-view.ts'
import { addSample, CALLER, startService } from './service.ts'

interface Asked {
  readonly order?: string
  readonly descending?: boolean
  readonly before?: string
  readonly beforeValue?: string
  readonly limit: number
}

const ROWS = 30
const PAGE = 7

test('lists by a column: pages are the whole list, what is alike has its newest first', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { source } = await addSample(rows)
  await fill(database, source)
  const lists = {
    jobs: async (asked: Asked) => (await handlers.listJobs(asked, CALLER)).jobs,
    events: async (asked: Asked) => (await handlers.listEvents(asked, CALLER)).events,
    about: async (asked: Asked) =>
      (await handlers.listEvents({ ...asked, about: source }, CALLER)).events,
    alerts: async (asked: Asked) =>
      (await handlers.listAlerts({ ...asked, all: true }, CALLER)).alerts,
  }
  const orders = {
    ...{ jobs: JOB_COLUMNS, events: EVENT_COLUMNS, about: EVENT_COLUMNS },
    alerts: ALERT_COLUMNS,
  }
  for (const name of ['jobs', 'events', 'about', 'alerts'] as const)
    for (const order of [undefined, ...orders[name]])
      for (const descending of [false, true])
        await t.test(
          `${name} by ${order ?? 'nothing'}, ${descending ? 'down' : 'up'}`,
          async () => {
            const asked = { ...(order ? { order } : {}), descending }
            const list = async (more: Omit<Asked, 'order'>) =>
              (await lists[name]({ ...asked, ...more })).map(({ id }) => id)
            const whole = await list({ limit: 1000 })
            assert.ok(whole.length >= ROWS / 2)
            const paged = []
            for (let page = await list({ limit: PAGE }); page.length > 0;) {
              paged.push(...page)
              page = await list({ limit: PAGE, before: page.at(-1)! })
            }
            assert.deepEqual(paged, whole)
          },
        )

  await t.test('alike ones: newest first, up and down', async () => {
    for (const descending of [false, true]) {
      const jobs = await lists.jobs({ order: 'state', descending, limit: 0 })
      const failed = jobs.filter(({ state }) => state === 'failed').map(({ queuedAt }) => queuedAt)
      assert.deepEqual(failed, failed.toSorted().reverse())
      const states = jobs.map(({ state }) => state)
      const sorted = states.toSorted()
      assert.deepEqual(states, descending ? sorted.reverse() : sorted)
    }
  })

  await t.test('a row that changes between two pages moves none of its neighbours', async () => {
    const byState = { order: 'state', descending: false }
    const first = await lists.jobs({ ...byState, limit: PAGE })
    const { id, state } = first.at(-1)!
    assert.equal(state, 'completed')
    const next = { ...byState, limit: PAGE, before: id, beforeValue: state }
    const expected = await lists.jobs(next)
    await database.query(`UPDATE job SET state = 'running' WHERE id = $1`, [id])
    assert.deepEqual(await lists.jobs(next), expected)
    const byCount = { order: 'count', descending: true, limit: PAGE }
    const alert = (await lists.alerts(byCount)).at(-1)!
    const behind = { ...byCount, before: alert.id, beforeValue: String(alert.count) }
    const others = await lists.alerts(behind)
    await database.query(`UPDATE alert SET count = 1000 WHERE id = $1`, [alert.id])
    assert.deepEqual(await lists.alerts(behind), others)
  })

  await t.test('what is no order, no place or no value of a column is refused', async () => {
    const limit = PAGE
    const { id } = (await lists.alerts({ limit }))[0]!
    const refused = { code: 'invalid-argument' }
    await assert.rejects(lists.jobs({ order: 'error', limit }), refused)
    await assert.rejects(lists.events({ before: 'e-1', limit }), refused)
    const ten = { before: id, beforeValue: 'ten', limit }
    await assert.rejects(lists.alerts({ ...ten, order: 'count' }), refused)
    await assert.rejects(lists.alerts({ ...ten, order: 'seen' }), refused)
    await assert.rejects(lists.jobs({ before: 'j-none', limit }), { code: 'not-found' })
  })
})

/** Few values in each column, and times that differ by less than is told of them. */
async function fill(database: Database, source: string): Promise<void> {
  await database.query(
    `INSERT INTO job (id, kind, state, data_source, queued_at)
     SELECT 'j-' || n, (ARRAY['verification', 'expiry', 'collection'])[1 + n % 3],
            (ARRAY['failed', 'completed'])[1 + n % 2], CASE WHEN n % 4 = 0 THEN $1 END,
            now() - make_interval(secs => n / 10000.0)
       FROM generate_series(1, $2::int) AS n`,
    [source, ROWS],
  )
  await database.query(
    `INSERT INTO event (kind, about, message, actor)
     SELECT (ARRAY['host-renamed', 'source-changed'])[1 + n % 2], CASE WHEN n % 3 > 0 THEN $1 ELSE 'j-' || n END,
            'it happened', CASE WHEN n % 5 = 0 THEN 'ann' END
       FROM generate_series(1, $2::int) AS n`,
    [source, ROWS],
  )
  await database.query(
    `INSERT INTO alert (id, type, severity, object, count, first_seen_at, last_seen_at, cause, action)
     SELECT 'a-' || n, 'rpo-exceeded', 'warning', CASE n WHEN 1 THEN $1 ELSE 'h-' || n % 4 || n END, n % 3,
            now() - make_interval(secs => n), now() - make_interval(secs => n / 10000.0), 'late', 'look'
       FROM generate_series(1, $2::int) AS n`,
    [source, ROWS],
  )
}

import assert from 'node:assert/strict'
import test from 'node:test'
import { DEFAULT_SETTINGS } from '../../core/model/group/settings.ts'
import type { Database, Queryable, Row, TransactionOptions } from '../../server/catalog/database.ts'
import { resolveSources } from '../../server/catalog/names.ts'
import { planGroup } from '../../server/flows/groups/plan-group.ts'
import { deleteGroup, saveGroup } from '../../server/flows/groups/save-group.ts'
import { planDues } from '../../server/jobs/schedule/plan-dues.ts'
import { settleDues } from '../../server/jobs/schedule/settle-dues.ts'
import { startDues } from '../../server/jobs/schedule/start-dues.ts'
import { Planned } from './planned.ts'

/** Asks the database, and counts how often. */
class Counting implements Database {
  asked = 0
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  query<R = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    this.asked++
    return this.#database.query(text, values)
  }

  tx<T>(work: (q: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T> {
    const counted = (q: Queryable): Queryable => ({
      query: (text, values) => {
        this.asked++
        return q.query(text, values)
      },
    })
    return this.#database.tx((q) => work(counted(q)), options)
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  async of<T>(work: () => Promise<T>): Promise<{ asked: number; result: T }> {
    const before = this.asked
    const result = await work()
    return { asked: this.asked - before, result }
  }
}

async function manySources(planned: Planned, prefix: string, count: number): Promise<string[]> {
  const rows = await planned.database.query<{ id: string }>(
    `INSERT INTO data_source (id, host, key, name, kind, present)
     SELECT $1 || n, $2, $1 || n, $1 || n, 'image', true FROM generate_series(1, $3) n RETURNING id`,
    [prefix, planned.host, count],
  )
  await planned.database.query(
    `INSERT INTO disk (data_source, name, chunk_bytes, size_bytes, present, protectable)
     SELECT id, 'disk', 131072, 1 << 20, true, true FROM data_source WHERE id LIKE $1 || '%'`,
    [prefix],
  )
  return rows.map(({ id }) => id)
}

/** Statements that each step of a group's life takes. */
async function lifeOf(planned: Planned, name: string, count: number) {
  const members = await manySources(planned, `${name}-`, count)
  const database = new Counting(planned.database)
  const deps = { ...planned.deps, database }
  const wish = {
    ...{ name, create: true, add: members, remove: [], removedPoints: 'keep' as const },
    settings: { ...DEFAULT_SETTINGS, points: '08:00' },
  }
  const schedule = { ...planned.scheduleDeps, database }
  const { rows } = await namesAndPlan(database, deps, wish)
  const created = await database.of(() => saveGroup(deps, wish, 'ann'))
  const planning = await database.of(() => planDues(schedule))
  const starting = await database.of(() => startDues(schedule))
  const jobs = await planned.open()
  assert.equal(jobs.filter((job) => job.startsWith(`${name}-`)).length, count)
  await planned.database.query(`UPDATE job SET state = 'completed', finished_at = now()`)
  const settling = await database.of(() => settleDues(schedule))
  const changed = { ...wish, create: false, add: [], remove: members.slice(1) }
  const updated = await database.of(() => saveGroup(deps, changed, 'ann'))
  const stopped = await planned.database.query(
    `SELECT FROM stopped_protection WHERE group_name = $1`,
    [name],
  )
  assert.equal(stopped.length, count - 1)
  await deleteGroup(deps, name, 'keep', 'ann')
  return {
    ...{ rows, created: created.asked, planning: planning.asked, updated: updated.asked },
    ...{ starting: starting.asked, settling: settling.asked },
  }
}

async function namesAndPlan(
  database: Counting,
  deps: Omit<Planned['deps'], 'database'>,
  wish: Parameters<typeof planGroup>[1],
) {
  const names = wish.add.map((id) => `alpha/${id}`)
  const { asked: rows, result } = await database.of(() => resolveSources(database, names))
  assert.deepEqual(result, wish.add)
  const plan = await planGroup({ ...deps, database }, wish)
  assert.equal(plan.added.length, wish.add.length)
  return { rows }
}

const FEW = 8
const MANY = 800

test('a group of 800 is made, planned and left by as many statements as one of 8', async (t) => {
  const planned = await Planned.create(t, '2027-01-04T07:00:00Z')
  const few = await lifeOf(planned, 'few', FEW)
  const many = await lifeOf(planned, 'many', MANY)
  const steps = ['rows', 'created', 'planning', 'updated'] as const
  for (const step of steps) assert.equal(many[step], few[step], step)
  // In batches of 200; expiry looks at ten data sources together.
  assert.ok(many.starting <= few.starting * (MANY / 200 + 1), `${many.starting} to start`)
  assert.ok(many.settling <= few.settling * (MANY / 10), `${many.settling} to settle`)
})

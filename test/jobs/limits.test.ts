import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { holdCatalog, type CatalogLock } from '../../server/catalog/only-server.ts'
import { Dispatcher } from '../../server/jobs/dispatcher.ts'
import { JobNews } from '../../server/jobs/job-news.ts'
import { recordQueued } from '../../server/jobs/queue.ts'
import type { Work } from '../../server/jobs/work.ts'
import { DEFAULT_LIMITS, type JobLimits } from '../../server/limits.ts'
import { RECOVERY_PRIORITY } from '../../server/catalog/job-requests.ts'
import { startService, type Service } from '../operator/service.ts'
import { until } from '../support/scene.ts'

/** A dispatcher on a real queue; what agents are told is kept, and nothing of it ends by itself. */
class Dispatched {
  readonly service: Service
  readonly dispatcher: Dispatcher
  readonly told: { readonly host: string; readonly job: string; readonly kind: string }[] = []
  readonly hosts: string[] = []

  constructor(service: Service, lock: CatalogLock, limits: JobLimits, t: TestContext) {
    this.service = service
    this.dispatcher = new Dispatcher({
      ...{ database: service.database, clock: systemClock, log: silentLogger, limits },
      ...{ holder: 'server-test:1', runners: {}, lock, news: new JobNews() },
      agents: {
        hosts: () => this.hosts,
        online: (host) => this.hosts.includes(host),
        send: (host, work) => this.#take(host, work),
      },
    })
    t.after(async () => {
      await this.dispatcher.stop()
      await lock.release()
    })
  }

  static async start(t: TestContext, limits: JobLimits = DEFAULT_LIMITS): Promise<Dispatched> {
    const service = await startService(t)
    const lock = await holdCatalog({
      ...{ url: service.url, clock: systemClock, log: silentLogger },
      onSuperseded: assert.fail,
    })
    return new Dispatched(service, lock, limits, t)
  }

  #take(host: string, work: Work): boolean {
    if ('transfer' in work) this.told.push({ host, job: work.transfer.job, kind: 'transfer' })
    if ('restore' in work) this.told.push({ host, job: work.restore.job, kind: 'recovery' })
    return true
  }

  /** So many data sources with a point each. */
  async host(name: string, sources: number): Promise<{ host: string; points: string[] }> {
    const { rows } = this.service
    const host = await rows.host(name)
    this.hosts.push(host)
    const points: string[] = []
    for (let i = 0; i < sources; i++) {
      const source = await rows.source(host, `${name}-${i}`)
      await rows.disk(source, 'disk')
      points.push(await rows.point(source, await rows.version(source, [])))
    }
    return { host, points }
  }

  async transfers(host: string): Promise<void> {
    const sources = await this.service.database.query<{ id: string }>(
      `SELECT id FROM data_source WHERE host = $1 ORDER BY id`,
      [host],
    )
    for (const { id } of sources) await this.#queue(host, id)
  }

  #queue(host: string, dataSource: string): Promise<string> {
    const request = { kind: 'synchronize', protect: false } as const
    const job = {
      kind: 'synchronization',
      dataSource,
      host,
      request,
      requestedBy: 'schedule',
    } as const
    return this.service.database.tx((q) => recordQueued(q, systemRandom, job))
  }

  recover(host: string, point: string): Promise<string> {
    return this.service.database.tx((q) =>
      recordQueued(q, systemRandom, {
        ...{ kind: 'recovery', host, requestedBy: 'ann', priority: RECOVERY_PRIORITY },
        request: {
          ...{ point, original: false, folder: '/srv/restores', name: 'x', format: 'raw' },
          ...{ disks: ['disk'], preallocate: false, evenIfOpen: false, bytesPerSecond: 0 },
        },
      }),
    )
  }

  async end(job: string): Promise<void> {
    await this.service.database.query(
      `UPDATE job SET state = 'completed', finished_at = now() WHERE id = $1`,
      [job],
    )
  }

  /** What runs, by host and kind, once nothing more begins. */
  async running(count: number): Promise<Record<string, number>> {
    this.dispatcher.wake()
    await until(`${count} jobs`, async () => (this.told.length >= count ? true : undefined))
    await systemClock.sleep(1500) // a further look would begin more
    const counts: Record<string, number> = {}
    for (const { host, kind } of this.told)
      counts[`${host} ${kind}`] = (counts[`${host} ${kind}`] ?? 0) + 1
    return counts
  }
}

test('an agent has two transfers at once; the next begins when one ends', async (t) => {
  const dispatched = await Dispatched.start(t)
  const { host } = await dispatched.host('alpha', 5)
  await dispatched.transfers(host)
  dispatched.dispatcher.start()
  assert.deepEqual(await dispatched.running(2), { 'host-alpha transfer': 2 })
  await dispatched.end(dispatched.told[0]!.job)
  assert.deepEqual(await dispatched.running(3), { 'host-alpha transfer': 3 })
  assert.equal(new Set(dispatched.told.map(({ job }) => job)).size, 3)
})

test('a server has so many transfers at once, whichever hosts they are of', async (t) => {
  const dispatched = await Dispatched.start(t, { transfers: 5, transfersOfHost: 2, recoveries: 8 })
  for (const name of ['a', 'b', 'c', 'd']) {
    const { host } = await dispatched.host(name, 3)
    await dispatched.transfers(host)
  }
  dispatched.dispatcher.start()
  const running = await dispatched.running(5)
  assert.equal(dispatched.told.length, 5)
  for (const count of Object.values(running)) assert.ok(count <= 2, JSON.stringify(running))
})

test('recovery waits for no transfer, and goes before those that are queued earlier', async (t) => {
  const dispatched = await Dispatched.start(t, { transfers: 2, transfersOfHost: 2, recoveries: 2 })
  const { host, points } = await dispatched.host('alpha', 4)
  await dispatched.transfers(host)
  for (const point of points.slice(0, 3)) await dispatched.recover(host, point)
  dispatched.dispatcher.start()
  assert.deepEqual(await dispatched.running(4), {
    'host-alpha recovery': 2,
    'host-alpha transfer': 2,
  })
  assert.deepEqual(
    dispatched.told.slice(0, 2).map(({ kind }) => kind),
    ['recovery', 'recovery'],
  )
})

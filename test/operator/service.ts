import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openServePool } from '../../core/chunk/serve-pool.ts'
import { openOpenPool } from '../../core/chunk/open-pool.ts'
import { chunkId } from '../../core/model/chunk-id.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Database } from '../../server/catalog/database.ts'
import type { ServerMode } from '../../server/flows/server-mode.ts'
import { ItemReaders } from '../../server/items/reader/item-readers.ts'
import { JobNews } from '../../server/jobs/job-news.ts'
import { createJobQueue } from '../../server/jobs/queue.ts'
import type { Work } from '../../server/jobs/work.ts'
import { openAuthority } from '../../server/pki/authority.ts'
import type { Caller, OperatorHandlers } from '../../server/rpc/operator-handlers.ts'
import { SERVE_OPTIONS } from '../../server/rpc/pull-frames.ts'
import { operatorHandlers } from '../../server/rpc/operator/handlers.ts'
import type { LocalStore } from '../../server/store/local-store.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { testDatabaseAt } from '../support/database.ts'
import { localStore } from '../store/folders.ts'

export const CALLER: Caller = { name: 'ann', role: 'admin', from: '127.0.0.1:1', sees: null }

/** The operator service on a real catalog and a real store. */
export interface Service {
  readonly handlers: OperatorHandlers
  readonly database: Database
  /** Of the same database, for further connections. */
  readonly url: string
  readonly rows: CatalogRows
  readonly store: LocalStore
  /** What agents were told. */
  readonly sent: { readonly host: string; readonly work: Work }[]
  /** Moves the service's clock. */
  readonly later: (ms: number) => void
  /** A further service of the same catalog and store, in this mode. */
  readonly inMode: (mode: ServerMode) => OperatorHandlers
  /** An absolute folder that is removed afterwards. */
  readonly folder: string
}

export async function startService(t: TestContext): Promise<Service> {
  const { database, url } = await testDatabaseAt(t)
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-operator-'))
  const opened = await localStore(1)
  const { store } = opened
  t.after(async () => {
    await opened.cleanUp()
    await rm(folder, { recursive: true, force: true })
  })
  await database.query(`DELETE FROM catalog_identity`)
  await database.query(
    `INSERT INTO catalog_identity (catalog_id, store_id) VALUES ('catalog-test', $1)`,
    [store.storeId],
  )
  let shift = 0
  const workers = openChunkWorkers(1)
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + shift }
  const sent: Service['sent'] = []
  const common = {
    ...{ database, store, clock, random: systemRandom, log: silentLogger, embedded: true },
    queue: createJobQueue({ database, random: systemRandom, wake: () => {} }),
    serverId: 'server-test',
    news: new JobNews(),
    workers,
    readers: new ItemReaders({
      ...{ database, store, random: systemRandom, serverId: 'server-test' },
      pool: openOpenPool(workers),
      serve: openServePool(workers, SERVE_OPTIONS),
    }),
    authority: await openAuthority(folder, clock, systemRandom),
    reach: () => ({ operators: ['127.0.0.1:7400'], agents: ['127.0.0.1:7401'] }),
    consoleUrl: () => 'https://127.0.0.1:7480/',
    sender: {
      ...{ serverId: 'server-test', mailFile: join(folder, 'mail.json') },
      ...{ consoleUrl: () => null, seconds: () => Math.floor(clock.now() / 1000) },
    },
    feeds: {
      online: () => true,
      send: (host: string, work: Work) => sent.push({ host, work }) > 0,
    },
  }
  const inMode = (mode: ServerMode) => operatorHandlers({ ...common, mode })
  return {
    ...{ database, url, store, sent, folder, inMode },
    handlers: inMode({ name: 'normal' }),
    rows: new CatalogRows(database),
    later: (ms) => (shift += ms),
  }
}

/** alpha/web.raw with one disk of 2,100 chunks, the last short, in two points. */
export interface Sample {
  readonly host: string
  readonly source: string
  readonly disk: number
  readonly first: string
  readonly second: string
  readonly versions: readonly [number, number]
  readonly maps: readonly [number[], number[]]
}

export const SAMPLE_CHUNKS = 2100
export const SAMPLE_BYTES = (SAMPLE_CHUNKS - 1) * CHUNK_BYTES + 4097

/**
 * The first point stores chunks 0..9, 1024..1033 and the short last one; all others are zeros. In
 * the second, chunks 3 and 4 differ, chunk 1030 has equal bytes under another id, chunk 1031 became
 * zeros and the last chunk differs.
 */
export async function addSample(rows: CatalogRows): Promise<Sample> {
  const host = await rows.host('alpha')
  const source = await rows.source(host, 'web.raw')
  const disk = await rows.disk(source, 'web.raw', { sizeBytes: SAMPLE_BYTES })
  const [a, b] = await rows.pack([texts('a', 21), texts('b', 1)])
  const before = new Array<number>(SAMPLE_CHUNKS).fill(0)
  for (let i = 0; i < 10; i++) before[i] = chunkId(a!, i)
  for (let i = 0; i < 10; i++) before[1024 + i] = chunkId(a!, 10 + i)
  before[SAMPLE_CHUNKS - 1] = chunkId(a!, 20)
  const [c] = await rows.pack([['c-3', 'c-4', 'a-16', 'c-last']])
  const after = [...before]
  after[3] = chunkId(c!, 0)
  after[4] = chunkId(c!, 1)
  after[1030] = chunkId(c!, 2)
  after[1031] = 0
  after[SAMPLE_CHUNKS - 1] = chunkId(c!, 3)
  const shape = { disk, sizeBytes: SAMPLE_BYTES }
  const one = await rows.version(source, [{ ...shape, map: before }])
  const two = await rows.version(source, [{ ...shape, map: after, before }])
  void b
  return {
    ...{ host, source, disk, versions: [one, two], maps: [before, after] },
    first: await rows.point(source, one, { daysAgo: 1, label: 'before' }),
    second: await rows.point(source, two),
  }
}

export function texts(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i}`)
}

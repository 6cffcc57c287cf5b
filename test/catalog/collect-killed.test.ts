import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test, { type TestContext } from 'node:test'
import { systemClock } from '../../core/runtime/clock.ts'
import { FAILPOINTS, type Failpoint } from '../../core/runtime/failpoint-names.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { requeueJobs } from '../../server/catalog/jobs.ts'
import { collect } from '../../server/flows/collect.ts'
import { compact } from '../../server/flows/compact.ts'
import { testDatabaseAt } from '../support/database.ts'
import { localStore } from '../store/folders.ts'
import { History, type Content, type HistorySource } from './history.ts'

const SCRIPT = new URL('./collect-process.ts', import.meta.url).pathname

async function killedAt(failpoint: Failpoint, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, HOLDFAST_FAILPOINTS: `${failpoint}=kill` },
    stdio: ['ignore', 'inherit', 'ignore'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  assert.equal(signal, 'SIGKILL', `${failpoint} was not reached`)
}

/** Three versions: the first two deleted long ago, so that segments die whole and in part. */
async function prepare(history: History): Promise<{
  source: HistorySource
  version: number
  content: Content
}> {
  await history.begin()
  const source = await history.addSource()
  const base = Array.from({ length: 1500 }, (_, i) => (i === 9 ? 0 : 1 + i))
  const old = await history.transfer(source, base)
  const other = await history.transfer(
    source,
    base.map((seed, i) => (i > 1100 ? seed + 20_000 : seed)),
  )
  const content = base.map((seed, i) => (i % 5 === 0 ? seed : seed + 50_000))
  const { version } = await history.transfer(source, content)
  for (const { point } of [old, other]) await history.deletePoint(point!, 100)
  return { source, version, content }
}

async function killAndRunAgain(t: TestContext, failpoint: Failpoint): Promise<void> {
  const { database, url } = await testDatabaseAt(t)
  const local = await localStore(1)
  t.after(() => local.cleanUp())
  const history = new History(database, local.store)
  const { source, version, content } = await prepare(history)
  const fence = await history.startJob('collection')
  await local.store.close()
  await killedAt(failpoint, [url, local.folders[0]!, JSON.stringify(fence)])

  const again = new History(database, await local.reopen())
  assert.deepEqual(await again.compare(source, version, content), [], 'right after the kill')
  await requeueJobs(database, { ids: [fence.job] })
  const deps = {
    database,
    store: again.store,
    clock: systemClock,
    log: silentLogger,
    random: systemRandom,
    fence: await again.claim(fence.job),
    signal: new AbortController().signal,
  }
  const times = { undoMs: 0, trashMs: 0, forgottenMs: 0 }
  await collect(deps, times)
  await compact(deps)
  await collect(deps, times)
  assert.deepEqual(await again.compare(source, version, content), [])
  assert.deepEqual(await again.leaked(), [])
  await filesAreThoseOfTheCatalog(again)
}

async function filesAreThoseOfTheCatalog({ database, store }: History): Promise<void> {
  const packs = await database.query<{ name: string; state: string }>(
    `SELECT name, state FROM pack WHERE state <> 'gone'`,
  )
  assert.deepEqual(new Set(packs.map((pack) => pack.state)), new Set(['sealed']))
  const files: string[] = []
  for await (const { name } of store.listPacks()) files.push(name)
  assert.deepEqual(files.sort(), packs.map((pack) => pack.name).sort())
  assert.equal(await store.trashBytes(), 0)
  const manifests: string[] = []
  for await (const name of store.listManifests()) manifests.push(name)
  assert.equal(manifests.length, 1)
}

for (const failpoint of FAILPOINTS.filter((name) => /^(collect|compact)\./.test(name)))
  test(`killed at ${failpoint}, a further run finishes and nothing kept is lost`, (t) =>
    killAndRunAgain(t, failpoint))

import assert from 'node:assert/strict'
import test from 'node:test'
import { HoldfastError } from '../../core/model/error.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Fence } from '../../server/catalog/fence.ts'
import { requeueJobs } from '../../server/catalog/jobs.ts'
import { collect, type CollectTimes } from '../../server/flows/collect.ts'
import { compact, type CompactDeps } from '../../server/flows/compact.ts'
import { testDatabase } from '../support/database.ts'
import { localStore } from '../store/folders.ts'
import { History, type Content, type HistorySource, type Pause } from './history.ts'
import { seededChoice, type Choice } from './seeded-choice.ts'

/**
 * Writers, a deleter, a collector, a compactor and a reader at once on one catalog and one store;
 * transfers die and are taken over in the middle. A model remembers what every kept version holds,
 * and all of it is read back, chunk by chunk.
 */
const SECONDS = process.env['HOLDFAST_NIGHTLY'] === undefined ? 10 : 180
/** Of writes beside collections, in the long run. */
const ROUNDS = process.env['HOLDFAST_NIGHTLY'] === undefined ? 0 : 1000
const WRITERS = 4
const SEED = Number(process.env['HOLDFAST_SEED'] ?? systemRandom.bytes(4).readUInt32LE())
const NO_WAITING: CollectTimes = { undoMs: 0, trashMs: 0, forgottenMs: 0 }
const SIZES = [1030, 1400, 2060] // chunks: a short second page, a long one, a third
const CONTENTS = 4000
// What must have happened at least once; a busy machine takes longer over it.
const WANTED = ['takeovers', 'deaths', 'deletions', 'reads', 'segments removed', 'segments moved']

interface Kept {
  readonly source: HistorySource
  readonly version: number
  readonly content: Content
  /** Null: only as long as it is the newest. */
  readonly point: string | null
}

interface Model {
  readonly history: History
  readonly kept: Map<number, Kept>
  readonly newest: Map<string, Kept>
  readonly counts: Record<string, number>
  running: boolean
}

class Death extends Error {}

function count(model: Model, what: string, by = 1): void {
  model.counts[what] = (model.counts[what] ?? 0) + by
}

function expectCode(error: unknown, ...codes: string[]): void {
  if (error instanceof HoldfastError && codes.includes(error.code)) return
  throw error
}

/** A few places change, a run is copied from the common contents, sometimes the size changes. */
function nextContent(before: Content | undefined, choice: Choice): Content {
  const length = before && !choice.oneIn(5) ? before.length : choice.of(SIZES)
  const run = 1 + choice.below(CONTENTS)
  const content = Array.from({ length }, (_, i) => before?.[i] ?? 1 + ((run + i) % CONTENTS))
  for (let n = choice.below(40); n >= 0; n--)
    content[choice.below(length)] = choice.oneIn(6) ? 0 : 1 + choice.below(CONTENTS)
  const from = choice.below(length)
  const copied = 1 + choice.below(CONTENTS)
  for (let i = from; i < Math.min(length, from + choice.below(300)); i++)
    content[i] = 1 + ((copied + i) % CONTENTS)
  return content
}

async function write(model: Model, source: HistorySource, choice: Choice): Promise<void> {
  const { history } = model
  const fence = await history.startJob('recovery-point', source.id)
  const content = nextContent(model.newest.get(source.id)?.content, choice)
  const fate = choice.below(10)
  if (fate > 3) return transfer(model, source, content, fence)
  const step = choice.of(['planned', 'stored', 'flushed'] as const)
  const takeOver = async () => {
    const requeued = await requeueJobs(history.database, { ids: [fence.job] })
    if (requeued.length > 0) await transfer(model, source, content, await history.claim(fence.job))
  }
  const pause: Pause = async (at) => {
    if (at !== step) return
    if (fate < 2) throw new Death() // a run that stops; what it left is taken up, or forgotten
    await takeOver() // a run that goes on although it was taken over
    count(model, 'takeovers')
  }
  try {
    await transfer(model, source, content, fence, pause)
    assert.fail('a run that was taken over must not commit')
  } catch (error) {
    if (!(error instanceof Death)) return expectCode(error, 'job-fenced')
    count(model, 'deaths')
    if (fate === 0) return takeOver()
    await history.database.query(`UPDATE job SET state = 'failed' WHERE id = $1`, [fence.job])
  }
}

async function transfer(
  model: Model,
  source: HistorySource,
  content: Content,
  fence: Fence,
  pause?: Pause,
): Promise<void> {
  const keep = fence.epoch % 5 !== 0
  const options = pause ? { fence, keep, pause } : { fence, keep }
  const { version, point } = await model.history.transfer(source, content, options)
  const kept = { source, version, content, point }
  const before = model.newest.get(source.id)
  model.newest.set(source.id, kept)
  model.kept.set(version, kept)
  if (before?.point === null) model.kept.delete(before.version)
  count(model, 'commits')
}

async function remove(model: Model, choice: Choice): Promise<void> {
  const points = [...model.kept.values()].filter((one) => one.point !== null)
  if (points.length < 6) return systemClock.sleep(20)
  const { version, point, source } = choice.of(points)
  // The newest of a source stays as its replica, without its point.
  const newest = model.newest.get(source.id)?.version === version
  if (newest) return
  model.kept.delete(version)
  await model.history.deletePoint(point!, 1)
  count(model, 'deletions')
}

async function read(model: Model, choice: Choice): Promise<void> {
  if (model.kept.size === 0) return systemClock.sleep(20)
  const { source, version, content } = choice.of([...model.kept.values()])
  const { database } = model.history
  try {
    await database.query(`INSERT INTO hold (version, holder) VALUES ($1, 'reader')`, [version])
  } catch (error) {
    return expectCode(error, 'database-failed') // it went just now
  }
  assert.deepEqual(await model.history.compare(source, version, content), [], `version ${version}`)
  await database.query(`DELETE FROM hold WHERE version = $1`, [version])
  count(model, 'reads')
}

async function depsOf(model: Model, kind: 'collection' | 'compaction'): Promise<CompactDeps> {
  const { database, store } = model.history
  const fence = await model.history.startJob(kind)
  const signal = new AbortController().signal
  return {
    database,
    store,
    fence,
    signal,
    clock: systemClock,
    log: silentLogger,
    random: systemRandom,
  }
}

async function collectOnce(model: Model, choice: Choice): Promise<void> {
  const times = { ...NO_WAITING, forgottenMs: choice.oneIn(2) ? 0 : 3_600_000 }
  const done = await collect(await depsOf(model, 'collection'), times)
  count(model, 'versions removed', done.removedVersions)
  count(model, 'segments removed', done.removedSegments)
  count(model, 'packs removed', done.removedPacks)
}

async function compactOnce(model: Model): Promise<void> {
  const done = await compact(await depsOf(model, 'compaction'))
  count(model, 'segments moved', done.movedSegments)
  count(model, 'packs compacted', done.removedPacks)
  assert.equal(done.damagedChunks, 0)
  await systemClock.sleep(50)
}

/** What the catalog, the store and the model say at rest is the same. */
async function checkAtRest(model: Model): Promise<void> {
  const { history } = model
  const { database, store } = history
  for (let pass = 0; pass < 2; pass++) await collect(await depsOf(model, 'collection'), NO_WAITING)
  for (const { source, version, content } of model.kept.values())
    assert.deepEqual(await history.compare(source, version, content), [], `version ${version}`)
  assert.deepEqual(await history.leaked(), [])
  for (const table of ['pin', 'hold', 'suspect'])
    assert.deepEqual(await database.query(`SELECT * FROM ${table}`), [], table)
  const sealed = await database.query<{ name: string }>(
    `SELECT name FROM pack WHERE state = 'sealed'`,
  )
  const files: string[] = []
  for await (const { name } of store.listPacks()) files.push(name)
  assert.deepEqual(files.sort(), sealed.map((row) => row.name).sort())
  const others = await database.query(
    `SELECT state FROM pack WHERE state NOT IN ('sealed', 'gone')`,
  )
  assert.deepEqual(others, [])
  const manifests: string[] = []
  for await (const name of store.listManifests()) manifests.push(name)
  assert.equal(manifests.length, model.kept.size)
  const stray = await database.query(
    `SELECT 1 FROM digest_hook WHERE NOT EXISTS (SELECT FROM segment WHERE segment.id = digest_hook.id >> 10)`,
  )
  assert.deepEqual(stray, [], 'hooks of removed segments')
}

test(`nothing kept is lost and nothing else stays, seed ${SEED}`, async (t) => {
  t.diagnostic(`HOLDFAST_SEED=${SEED}`)
  const local = await localStore(2)
  const history = new History(await testDatabase(t), local.store)
  t.after(async () => {
    await history.end()
    await local.cleanUp()
  })
  await history.begin()
  const model: Model = { history, kept: new Map(), newest: new Map(), counts: {}, running: true }
  const began = systemClock.monotonic()
  const isOver = () => {
    const seconds = (systemClock.monotonic() - began) / 1000
    return (
      seconds > 6 * SECONDS ||
      (seconds > SECONDS &&
        (model.counts['commits'] ?? 0) >= ROUNDS &&
        WANTED.every((what) => model.counts[what]))
    )
  }
  const loop = async (name: string, step: (choice: Choice) => Promise<void>) => {
    const choice = seededChoice(`${SEED}:${name}`)
    try {
      while (model.running && !isOver()) await step(choice)
    } finally {
      model.running = false
    }
  }
  const sources: HistorySource[] = []
  for (let i = 0; i < WRITERS; i++) sources.push(await history.addSource())
  const ended = await Promise.allSettled([
    ...sources.map((source) => loop(source.id, (choice) => write(model, source, choice))),
    loop('deleter', (choice) => remove(model, choice)),
    loop('reader', (choice) => read(model, choice)),
    loop('collector', (choice) => collectOnce(model, choice)),
    loop('compactor', () => compactOnce(model)),
  ])
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  t.diagnostic(JSON.stringify(model.counts))
  await checkAtRest(model)
  for (const what of WANTED) assert.ok((model.counts[what] ?? 0) > 0, `${what}: none`)
  assert.ok((model.counts['commits'] ?? 0) >= ROUNDS, 'rounds')
})

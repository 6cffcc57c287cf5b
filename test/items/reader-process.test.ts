import assert from 'node:assert/strict'
import { readdir, readFile, readlink } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { READER_LIMITS } from '../../server/items/reader/process-limits.ts'
import type { ItemAnswer, ItemRequest } from '../../server/items/reader/protocol.ts'
import { ReaderProcess } from '../../server/items/reader/reader-process.ts'
import { withoutNetwork } from '../../server/items/reader/without-network.ts'
import { lacks, lacksTool } from '../support/needs.ts'
import { VAST_ENTRIES, vastFolder } from './vast-folder.ts'
import { WIDE_ENTRIES, wideImage } from './wide-image.ts'

const ROOT: ItemRequest = { kind: 'list', path: Buffer.from('/') }
const LOST = { name: 'HoldfastError', code: 'filesystem-unsupported' }

function start(t: TestContext, disk: ByteReader, limits = READER_LIMITS): ReaderProcess {
  const reader = new ReaderProcess(limits)
  reader.introduce([{ name: 'disk.raw', reader: disk }])
  t.after(() => reader.kill())
  return reader
}

async function all(answers: AsyncIterable<ItemAnswer>): Promise<ItemAnswer[]> {
  const found: ItemAnswer[] = []
  for await (const answer of answers) found.push(answer)
  return found
}

function entriesOf(answer: ItemAnswer) {
  if (!('page' in answer)) return []
  return operatorService.ListFiles.responseDeserialize(Buffer.from(answer.page)).entries
}

/** What this process has started. */
async function children(): Promise<string[]> {
  const tasks = await readdir('/proc/self/task')
  const lists = tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8'))
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean))
}

test('the process has no network', async (t) => {
  if (lacks(t, 'namespaces of networks', withoutNetwork().length > 0)) return
  const before = await children()
  const reader = start(t, await wideImage(t))
  await all(reader.ask(ROOT))
  const [pid] = (await children()).filter((one) => !before.includes(one))
  assert.match(await readFile(`/proc/${pid}/cmdline`, 'utf8'), /item-reader/)
  assert.notEqual(await readlink(`/proc/${pid}/ns/net`), await readlink('/proc/self/ns/net'))
  const devices = (await readFile(`/proc/${pid}/net/dev`, 'utf8')).match(/^ *\w+:/gm)
  assert.deepEqual(
    devices?.map((name) => name.trim()),
    ['lo:'],
  )
})

const stuck: ByteReader = { sizeBytes: 2 ** 30, read: () => new Promise(() => {}) }

test('one process answers one request after another, and failures between', async (t) => {
  const reader = start(t, await wideImage(t))
  for (let round = 0; round < 3; round++) {
    const pages = await all(reader.ask({ kind: 'list', path: Buffer.from('/wide') }))
    assert.equal(pages.flatMap(entriesOf).length, WIDE_ENTRIES)
    await assert.rejects(all(reader.ask({ kind: 'list', path: Buffer.from('/none') })), {
      code: 'path-not-found',
    })
    const parts = await all(reader.ask({ kind: 'fetch', paths: [Buffer.from('/large')] }))
    const bytes = parts.reduce(
      (sum, answer) =>
        sum + ('part' in answer && 'data' in answer.part ? answer.part.data.length : 0),
      0,
    )
    assert.equal(bytes, 6 * 2 ** 20 + 17)
  }
  assert.ok(reader.isAlive)
})

test('what needs too much time or memory is stopped and named; others go on', async (t) => {
  const disk = await wideImage(t)
  const other = start(t, disk)
  for (const [limits, words] of [
    [{ ...READER_LIMITS, cpuSeconds: 0.01 }, /seconds of CPU time/],
    [{ ...READER_LIMITS, residentBytes: 2 ** 20 }, /of memory/],
  ] as const) {
    const reader = start(t, stuck, limits)
    await assert.rejects(all(reader.ask(ROOT)), (error: HoldfastError) => {
      assert.equal(error.code, 'filesystem-unsupported')
      assert.match(error.message, words)
      assert.match(error.hint ?? '', /holdfast export/)
      return true
    })
    assert.ok(!reader.isAlive)
    await assert.rejects(all(reader.ask(ROOT)), LOST)
  }
  assert.ok((await all(other.ask(ROOT))).length > 0)
})

test('a folder of many small files takes the time that it takes, also where it is taken up again', async (t) => {
  if (lacksTool(t, 'mkfs.xfs')) return
  const reader = start(t, await vastFolder(t), { ...READER_LIMITS, cpuSeconds: 1 })
  const fromIndex = VAST_ENTRIES / 2
  const paths = [Buffer.from('/vast')]
  const parts = await all(reader.ask({ kind: 'fetch', paths, fromIndex }))
  // With the folder itself, which came first.
  assert.equal(parts.length, VAST_ENTRIES + 1 - fromIndex)
})

test('who stops to listen stops the process', async (t) => {
  const reader = start(t, await wideImage(t))
  for await (const answer of reader.ask({ kind: 'fetch', paths: [Buffer.from('/')] })) {
    assert.ok('part' in answer)
    break
  }
  assert.ok(!reader.isAlive)
})

test('an error of the store comes through as it is', async (t) => {
  const broken: ByteReader = {
    sizeBytes: 2 ** 20,
    read: () => Promise.reject(new HoldfastError('chunk-damaged', 'the chunk is damaged')),
  }
  const reader = start(t, broken)
  await assert.rejects(all(reader.ask(ROOT)), { code: 'chunk-damaged' })
  assert.ok(reader.isAlive)
})

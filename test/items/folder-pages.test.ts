import assert from 'node:assert/strict'
import test from 'node:test'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { FolderNames } from '../../core/filesystem/browse/folder-names.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { Listings } from '../../server/items/reader/listings.ts'
import { READER_LIMITS } from '../../server/items/reader/process-limits.ts'
import type { ItemRequest } from '../../server/items/reader/protocol.ts'
import { ReaderProcess } from '../../server/items/reader/reader-process.ts'
import { lacksTool } from '../support/needs.ts'
import { VAST_ENTRIES, vastFolder } from './vast-folder.ts'
import { WIDE_ENTRIES, wideImage } from './wide-image.ts'

/* Pages of a folder, by name, type, size and time: each entry is on one of them, and none is read for another. */

type ListRequest = Extract<ItemRequest, { kind: 'list' }>
type Part = NonNullable<ListRequest['part']>

const BY_NAME: Part = { order: 'name', descending: false, offset: 0, limit: 100 }

function asked(path: string, part: Partial<Part> = {}, name = ''): ListRequest {
  const wanted = { ...BY_NAME, ...part }
  return { kind: 'list', path: Buffer.from(path), name: Buffer.from(name), part: wanted }
}

interface Page {
  readonly names: readonly string[]
  readonly sizes: readonly number[]
  readonly total: number | undefined
  /** Told before the page. */
  readonly seen: number
}

async function pageOf(messages: AsyncIterable<object>): Promise<Page> {
  const page = { names: [] as string[], sizes: [] as number[], seen: 0 }
  let total: number | undefined
  for await (const message of messages) {
    if (!('page' in message)) continue
    const bytes = Buffer.from(message.page as Uint8Array)
    const part = operatorService.ListFiles.responseDeserialize(bytes)
    page.names.push(...part.entries.map(({ name }) => name.toString()))
    page.sizes.push(...part.entries.map(({ sizeBytes }) => sizeBytes))
    page.seen = Math.max(page.seen, part.seen)
    total = part.total ?? total
  }
  return { ...page, total }
}

/** Bytes that were read of it. */
class Counted implements ByteReader {
  readonly #disk: ByteReader
  bytes = 0

  constructor(disk: ByteReader) {
    this.#disk = disk
  }

  get sizeBytes(): number {
    return this.#disk.sizeBytes
  }

  read(offset: number, length: number): Promise<Buffer> {
    this.bytes += length
    return this.#disk.read(offset, length)
  }
}

test('pages of a folder hold each entry once, in order, either way', async (t) => {
  const reader = await wideImage(t)
  const listings = new Listings(new GuestVolumes([{ name: 'disk.raw', reader }]))
  const whole = await pageOf(listings.list({ kind: 'list', path: Buffer.from('/wide') }))
  const all: string[] = []
  for (let offset = 0; offset < WIDE_ENTRIES; offset += 100) {
    const page = await pageOf(listings.list(asked('/wide', { offset })))
    assert.equal(page.total, WIDE_ENTRIES)
    all.push(...page.names)
  }
  const sorted = whole.names.toSorted((a, b) => Buffer.from(a).compare(Buffer.from(b)))
  assert.deepEqual(all, sorted)
  const last = await pageOf(listings.list(asked('/wide', { descending: true, limit: 5 })))
  assert.deepEqual(last.names, sorted.slice(-5).reverse())
  // Behind the end there is nothing, and it is said how many there are.
  const none = await pageOf(listings.list(asked('/wide', { offset: 10_000 })))
  assert.deepEqual([none.names, none.total], [[], WIDE_ENTRIES])
})

test('by size, what is of one size by name; folders come before files by name', async (t) => {
  const reader = await wideImage(t)
  const listings = new Listings(new GuestVolumes([{ name: 'disk.raw', reader }]))
  const { sizes, names } = await pageOf(
    listings.list(asked('/', { order: 'size', descending: true })),
  )
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  )
  const byName = await pageOf(listings.list(asked('/')))
  assert.deepEqual(byName.names.toSorted(), names.toSorted())
  assert.ok(byName.names.indexOf('wide') < byName.names.indexOf('large'))
})

test('only what is called so, whichever case it has', async (t) => {
  const reader = await wideImage(t)
  const listings = new Listings(new GuestVolumes([{ name: 'disk.raw', reader }]))
  const { names } = await pageOf(listings.list({ kind: 'list', path: Buffer.from('/wide') }))
  for (const [pattern, wanted] of [
    ['*69*', /69/],
    ['*9', /9$/],
    ['*[1-3]?', /[1-3].$/],
  ] as const) {
    const page = await pageOf(listings.list(asked('/wide', { limit: 1000 }, pattern)))
    assert.deepEqual(page.names.toSorted(), names.filter((name) => wanted.test(name)).sort())
    assert.ok(page.names.length > 0)
    assert.equal(page.total, page.names.length)
    const plain = { kind: 'list' as const, path: Buffer.from('/wide'), name: Buffer.from(pattern) }
    assert.deepEqual((await pageOf(listings.list(plain))).names.toSorted(), page.names.toSorted())
  }
  const upper = await pageOf(listings.list(asked('/', {}, 'WIDE')))
  assert.deepEqual(upper.names, ['wide'])
})

test('of a folder of more than 100,000 every entry can be had, a page by itself', async (t) => {
  if (lacksTool(t, 'mkfs.xfs')) return
  const disk = new Counted(await vastFolder(t))
  const reader = new ReaderProcess(READER_LIMITS)
  t.after(() => reader.kill())
  reader.introduce([{ name: 'disk.raw', reader: disk }])
  const first = await pageOf(reader.ask(asked('/vast')))
  assert.deepEqual([first.total, first.names[0]], [VAST_ENTRIES, 'entry-0'])
  assert.ok(first.seen >= VAST_ENTRIES - 10_000, `said only ${first.seen} before the page`)
  const read = disk.bytes
  const last = await pageOf(reader.ask(asked('/vast', { offset: VAST_ENTRIES - 100 })))
  assert.equal(last.names.at(-1), 'entry-99999')
  const found = await pageOf(reader.ask(asked('/vast', {}, '*119999*')))
  assert.deepEqual([found.names, found.total], [['entry-119999'], 1])
  assert.ok(disk.bytes - read < read / 10, `${disk.bytes - read} of ${read} bytes once more`)
})

test('names that are more than a process may hold end it with words, not with its memory', () => {
  const names = new FolderNames(2 * 2 ** 20)
  const fill = () => {
    for (let i = 0; ; i++) names.add({ name: Buffer.from(`name ${i}`), type: 'file', id: `${i}` })
  }
  assert.throws(fill, { code: 'invalid-argument', message: /more names than/ })
})

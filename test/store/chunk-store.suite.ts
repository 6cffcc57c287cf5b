import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChunkStore, PackPlace } from '../../server/store/chunk-store.ts'
import { chunkId } from '../../core/model/chunk-id.ts'
import { RECORD_HEADER_BYTES } from '../../core/chunk/record.ts'
import { recordsOf } from './records.ts'

/** A store that is open, and how to open the same one again in its place. */
export interface StoreUnderTest {
  readonly store: ChunkStore
  readonly reopen: () => Promise<ChunkStore>
  cleanUp(): Promise<void>
}

/** What every implementation of ChunkStore keeps to. */
export function chunkStoreSuite(name: string, open: () => Promise<StoreUnderTest>): void {
  const withStore = (work: (t: StoreUnderTest) => Promise<void>) => async () => {
    const under = await open()
    try {
      await work(under)
    } finally {
      await under.cleanUp()
    }
  }

  describe(`chunk store: ${name}`, () => {
    it(
      'gives back what was sealed, also after it was opened again',
      withStore(async ({ store, reopen }) => {
        const records = recordsOf(64, 900)
        const { place, offsets } = await seal(store, 'pack-one', 64, records)
        await checkRecords(store, place, records, offsets)
        await checkRecords(await reopen(), place, records, offsets)
      }),
    )

    it(
      'keeps an index of the pack in the pack',
      withStore(async ({ store }) => {
        const records = recordsOf(128, 5)
        const { place, offsets } = await seal(store, 'pack-two', 128, records)
        const index = await store.readPackIndex(place)
        assert.equal(index.damage, undefined)
        assert.equal(index.firstSegment, 128)
        assert.equal(index.generation, 7)
        assert.equal(index.bytes, await store.packBytes(place))
        assert.deepEqual(
          index.records.map((r) => [r.chunk, r.offset, r.storedLength]),
          records.map((r, i) => [chunkId(128, i), offsets[i], r.length - RECORD_HEADER_BYTES]),
        )
      }),
    )

    it(
      'takes an empty pack, and never a record that has no room',
      withStore(async ({ store }) => {
        const { place } = await seal(store, 'pack-empty', 64, [])
        assert.deepEqual((await store.readPackIndex(place)).records, [])
        const volume = await store.chooseVolume()
        const announced = { name: 'pack-full', volume, firstSegment: 128, generation: 1 }
        const writer = await store.createPack(announced)
        assert.equal(writer.hasRoom(64 * 1024 * 1024), false)
        assert.throws(() => writer.append(Buffer.alloc(RECORD_HEADER_BYTES + 5)), RangeError)
        await writer.abandon()
      }),
    )

    it(
      'leaves nothing of an abandoned pack, and refuses a name twice',
      withStore(async ({ store }) => {
        const volume = await store.chooseVolume()
        const announced = { name: 'pack-left', volume, firstSegment: 64, generation: 1 }
        const writer = await store.createPack(announced)
        for (const record of recordsOf(64, 20)) writer.append(record)
        await writer.abandon()
        assert.throws(() => writer.append(recordsOf(64, 1)[0] ?? Buffer.alloc(0)))
        assert.deepEqual(await collect(store.listPacks()), [])
        await seal(store, 'pack-left', 64, recordsOf(64, 2))
        await assert.rejects(store.createPack(announced), { code: 'store-write-failed' })
      }),
    )

    it(
      'moves packs to the trash, back, and away after their rest',
      withStore(async ({ store }) => {
        const { place } = await seal(store, 'pack-old', 64, recordsOf(64, 3))
        const bytes = await store.packBytes(place)
        await store.moveToTrash(place)
        await store.moveToTrash(place)
        await assert.rejects(store.readPack(place, 0, Buffer.alloc(4)), { code: 'pack-damaged' })
        assert.equal(await store.trashBytes(), bytes)
        assert.equal(await store.takeFromTrash(place), true)
        assert.equal(await store.packBytes(place), bytes)
        await store.moveToTrash(place)
        assert.deepEqual(await store.emptyTrash(60_000), { packs: 0, bytes: 0 })
        assert.deepEqual(await store.emptyTrash(0), { packs: 1, bytes })
        assert.equal(await store.takeFromTrash(place), false)
      }),
    )

    it(
      'writes manifests once',
      withStore(async ({ store, reopen }) => {
        const name = 'source-a/0000000001-version-b.manifest'
        await store.writeManifest(name, Buffer.from('first'))
        await store.writeManifest(name, Buffer.from('first'))
        await assert.rejects(store.writeManifest(name, Buffer.from('other')), {
          code: 'store-write-failed',
        })
        const again = await reopen()
        assert.equal((await again.readManifest(name)).toString(), 'first')
        assert.deepEqual(await collect(again.listManifests()), [name])
        await again.removeManifest(name)
        await again.removeManifest(name)
        await assert.rejects(again.readManifest(name), { code: 'manifest-damaged' })
      }),
    )

    it(
      'replaces documents whole and lists them by prefix',
      withStore(async ({ store, reopen }) => {
        await store.writeDocument('points/a/1-x.json', Buffer.from('1'))
        await store.writeDocument('points/ab/1-x.json', Buffer.from('2'))
        await store.writeDocument('tombstones/p.json', Buffer.from('3'))
        await store.writeDocument('points/a/1-x.json', Buffer.from('4'))
        const again = await reopen()
        assert.equal((await again.readDocument('points/a/1-x.json'))?.toString(), '4')
        assert.equal(await again.readDocument('points/a/2-x.json'), undefined)
        assert.deepEqual(await collect(again.listDocuments('points/a/')), ['points/a/1-x.json'])
        assert.equal((await collect(again.listDocuments('points/'))).length, 2)
        await again.removeDocument('tombstones/p.json')
        assert.deepEqual(await collect(again.listDocuments('tombstones/')), [])
        for (const bad of ['../x', 'a//b', '.hidden', 'a/..', ''])
          await assert.rejects(again.writeDocument(bad, Buffer.from('x')), bad)
      }),
    )

    it(
      'keeps its marker',
      withStore(async ({ store, reopen }) => {
        const marker = await store.readMarker()
        assert.equal(marker.storeId, store.storeId)
        assert.equal(marker.generation, 0)
        await store.writeMarker({ ...marker, generation: 41 })
        assert.equal((await (await reopen()).readMarker()).generation, 41)
      }),
    )
  })
}

/** Seals `records` on the volume with most room. */
export async function seal(
  store: ChunkStore,
  name: string,
  firstSegment: number,
  records: readonly Buffer[],
): Promise<{ place: PackPlace; offsets: number[] }> {
  const volume = await store.chooseVolume()
  const writer = await store.createPack({ name, volume, firstSegment, generation: 7 })
  const offsets: number[] = []
  for (const record of records) {
    offsets.push(writer.append(record))
    await writer.drained()
  }
  const { bytes } = await writer.seal()
  assert.equal(bytes, await store.packBytes(writer.place))
  return { place: writer.place, offsets }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function checkRecords(
  store: ChunkStore,
  place: PackPlace,
  records: readonly Buffer[],
  offsets: readonly number[],
): Promise<void> {
  let at = 0
  for await (const { body, offset } of store.scanPack(place)) {
    assert.equal(offset, offsets[at])
    assert.ok(Buffer.isBuffer(body) && body.equals((records[at] ?? body).subarray(80)))
    at++
  }
  assert.equal(at, records.length)
  const last = records.at(-1) ?? Buffer.alloc(0)
  const into = Buffer.alloc(last.length)
  await store.readPack(place, offsets.at(-1) ?? 0, into)
  assert.ok(into.equals(last))
  const beyond = Buffer.alloc((await store.packBytes(place)) + 1)
  await assert.rejects(store.readPack(place, 0, beyond), { code: 'pack-damaged' })
}

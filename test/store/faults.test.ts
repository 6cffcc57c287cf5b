import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { HoldfastError } from '../../core/model/error.ts'
import { createStore } from '../../server/store/create-store.ts'
import { openLocalStore, type LocalStore } from '../../server/store/local-store.ts'
import { lacksRoot } from '../support/needs.ts'
import { FaultyFileSystem, type PlannedFault } from '../support/faulty-file-system.ts'
import { collect, seal } from './chunk-store.suite.ts'
import { localStore } from './folders.ts'
import { recordsOf } from './records.ts'

const MIB = 1024 * 1024
const records = recordsOf(64, 400, 9000) // some 2.5 MiB: several writes

/** Opens with faults that count from after the opening on. */
async function withFaults(
  plan: PlannedFault[],
  work: (store: LocalStore, files: FaultyFileSystem) => Promise<void>,
): Promise<void> {
  const files = new FaultyFileSystem()
  const under = await localStore(1, { files })
  for (const fault of plan) files.plan(fault)
  try {
    await work(under.store, files)
  } finally {
    await under.cleanUp()
  }
  assert.deepEqual(files.unhit(), [])
}

async function expectAbandoned(store: LocalStore, code: string): Promise<void> {
  const volume = await store.chooseVolume()
  const announced = { name: 'pack-bad', volume, firstSegment: 64, generation: 1 }
  const writer = await store.createPack(announced)
  const failed = (async () => {
    for (const record of records) {
      writer.append(record)
      await writer.drained()
    }
    await writer.seal()
  })()
  await assert.rejects(failed, { code })
  await assert.rejects(writer.seal(), { code }) // final: a second attempt asks nothing of the disk
  await writer.abandon()
  assert.deepEqual(await collect(store.listPacks()), [])
  await seal(store, 'pack-good', 64, records) // elsewhere it goes on
}

test('a failed write or sync is final for its pack, never tried again', async () => {
  const path = /\.pack$/
  const plans: [PlannedFault, string][] = [
    [{ call: 'file.write', at: 1, fault: 'EIO', path }, 'store-write-failed'],
    [{ call: 'file.write', at: 3, fault: 'EIO', path }, 'store-write-failed'],
    [{ call: 'file.write', at: 2, fault: 'ENOSPC', path }, 'store-full'],
    [{ call: 'file.truncate', at: 1, fault: 'EIO', path }, 'store-write-failed'],
    [{ call: 'file.datasync', at: 1, fault: 'EIO', path }, 'store-write-failed'],
    [{ call: 'file.datasync', at: 1, fault: 'ENOSPC', path }, 'store-full'],
  ]
  for (const [fault, code] of plans)
    await withFaults([fault], async (store, files) => {
      await expectAbandoned(store, code)
      const syncs = files.calls.filter((call) => call === 'file.datasync').length
      assert.equal(syncs, fault.call === 'file.datasync' ? 2 : 1)
    })
})

test('a failed sync of the folder fails the pack', async () => {
  // Creating packs/xx syncs `packs`; the third one is that of the pack's own folder.
  const fault: PlannedFault = { call: 'syncFolder', at: 1, fault: 'EIO', path: /packs\/\w\w$/ }
  await withFaults([fault], (store) => expectAbandoned(store, 'store-write-failed'))
})

test('a short write is continued', async () => {
  const path = /\.pack$/
  await withFaults([{ call: 'file.write', at: 2, fault: 'short', path }], async (store) => {
    const { place } = await seal(store, 'pack-short', 64, records)
    const whole = await collect(store.scanPack(place))
    assert.ok(whole.every(({ body }) => Buffer.isBuffer(body)))
    assert.equal(whole.length, records.length)
  })
})

test('a document is the old or the new one, whichever call fails', async () => {
  const calls: PlannedFault['call'][] = ['open', 'file.write', 'file.sync', 'rename', 'syncFolder']
  for (const call of calls)
    await withFaults([], async (store, files) => {
      await store.writeDocument('points/a/1.json', Buffer.from('old'))
      files.plan({ call, at: 1, fault: 'EIO' })
      await assert.rejects(store.writeDocument('points/a/1.json', Buffer.from('new')), {
        code: 'store-write-failed',
      })
      const now = (await store.readDocument('points/a/1.json'))?.toString()
      assert.equal(now, call === 'syncFolder' ? 'new' : 'old')
      assert.equal((await collect(store.listDocuments(''))).length, 1)
      await store.writeDocument('points/a/1.json', Buffer.from('newer'))
      assert.equal((await store.readDocument('points/a/1.json'))?.toString(), 'newer')
    })
})

test('a fault at any one call leaves a store that goes on', async () => {
  const work = async (store: LocalStore) => {
    const { place } = await seal(store, 'pack-walk', 64, records.slice(0, 20))
    await store.writeManifest('a/1.manifest', Buffer.from('m'))
    await store.writeDocument('points/a/1.json', Buffer.from('d'))
    await store.writeMarker({ ...(await store.readMarker()), generation: 2 })
    await store.moveToTrash(place)
    await store.emptyTrash(0)
  }
  let total = 0
  await withFaults([], async (store, files) => {
    const before = files.calls.length
    await work(store)
    total = files.calls.length - before
  })
  assert.ok(total > 30)
  for (let at = 1; at <= total; at++)
    await withFaults([], async (store, files) => {
      files.plan({ call: 'any', at, fault: at % 2 === 0 ? 'EIO' : 'ENOSPC' })
      await work(store).catch((error: unknown) => assert.ok(error instanceof Error))
      for await (const place of store.listPacks()) await store.moveToTrash(place)
      await store.emptyTrash(0)
      await work(store)
      assert.equal((await store.readMarker()).generation, 2)
    })
})

test('reading that fails is a damaged pack, and works again afterwards', async () => {
  await withFaults([], async (store, files) => {
    const { place } = await seal(store, 'pack-read', 64, records)
    files.plan({ call: 'file.read', at: 1, fault: 'EIO' })
    await assert.rejects(store.readPack(place, 0, Buffer.alloc(10)), { code: 'pack-damaged' })
    await store.readPack(place, 0, Buffer.alloc(10))
  })
})

test('the reserve refuses a pack with figures, and compaction may use it', async () => {
  const under = await localStore(1)
  const [space] = await under.store.volumes()
  const store = await under.reopen({ reserveBytes: (space?.freeBytes ?? 0) - 100 * MIB })
  const volume = await store.chooseVolume()
  const announced = { name: 'pack-a', volume, firstSegment: 64, generation: 1 }
  const first = await store.createPack(announced)
  await assert.rejects(store.createPack({ ...announced, name: 'pack-b' }), (error) => {
    assert.ok(error instanceof HoldfastError && error.code === 'store-full')
    assert.ok(Number(error.details['neededBytes']) > Number(error.details['freeBytes']))
    return true
  })
  const compaction = await store.createPack({ ...announced, name: 'pack-c', fromReserve: true })
  await compaction.abandon()
  await first.abandon()
  await (await store.createPack({ ...announced, name: 'pack-d' })).abandon()
  await under.cleanUp()
})

test('a full file system fails as store-full, and room helps', async (t) => {
  if (lacksRoot(t)) return
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-full-'))
  await mkdir(join(folder, 'mount'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=72m', 'holdfast', join(folder, 'mount')])
  try {
    const folders = [join(folder, 'mount', 'store')]
    await createStore(folders, { catalogId: 'c' })
    const store = await openLocalStore({ folders, reserveBytes: 0 })
    const volume = await store.chooseVolume()
    const announced = { name: 'pack-big', volume, firstSegment: 64, generation: 1 }
    const writer = await store.createPack(announced)
    const filler = join(folder, 'mount', 'filler')
    await writeFile(filler, Buffer.alloc(66 * MIB)) // somebody else fills it meanwhile
    await assert.rejects(fill(writer), { code: 'store-full' })
    await writer.abandon()
    await assert.rejects(store.chooseVolume(), { code: 'store-full' })
    await assert.rejects(store.writeDocument('points/a/1.json', Buffer.alloc(8 * MIB)), {
      code: 'store-full',
    })
    await rm(filler)
    await seal(store, 'pack-big', 64, records)
    await store.close()
  } finally {
    execFileSync('umount', [join(folder, 'mount')])
    await rm(folder, { recursive: true })
  }
})

async function fill(writer: Awaited<ReturnType<LocalStore['createPack']>>): Promise<void> {
  for (const record of records) {
    writer.append(record)
    await writer.drained()
  }
  await writer.seal()
}

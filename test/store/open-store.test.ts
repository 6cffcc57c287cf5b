import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { createStore } from '../../server/store/create-store.ts'
import { openLocalStore } from '../../server/store/local-store.ts'
import { collect, seal } from './chunk-store.suite.ts'
import { localStore } from './folders.ts'
import { recordsOf } from './records.ts'

test('a folder without a store is never made one by opening it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-store-'))
  await assert.rejects(openLocalStore({ folders: [folder] }), { code: 'store-missing' })
  await assert.rejects(openLocalStore({ folders: [join(folder, 'absent')] }), {
    code: 'store-missing',
  })
  await rm(folder, { recursive: true })
})

test('a store of another server, or of two stores, is refused', async () => {
  const [one, other] = [await localStore(1), await localStore(1)]
  await one.store.close()
  await other.store.close()
  const expected = { storeId: one.store.storeId, catalogId: 'catalog-test' }
  await assert.rejects(openLocalStore({ folders: other.folders, expected }), {
    code: 'store-foreign',
  })
  await assert.rejects(
    openLocalStore({ folders: one.folders, expected: { catalogId: 'catalog-else' } }),
    { code: 'store-foreign' },
  )
  await assert.rejects(openLocalStore({ folders: [...one.folders, ...other.folders] }), {
    code: 'store-foreign',
  })
  const store = await openLocalStore({ folders: one.folders, expected }) // refusals left no lock
  await store.close()
  await one.cleanUp()
  await other.cleanUp()
})

test('a newer format and a damaged marker are refused', async () => {
  const under = await localStore(1)
  await under.store.close()
  const path = join(under.folders[0] ?? '', 'STORE.json')
  const marker = await readFile(path, 'utf8')
  await writeFile(path, marker.replace('"format": 1', '"format": 2'))
  await assert.rejects(openLocalStore({ folders: under.folders }), { code: 'store-newer' })
  for (const text of ['', '{', '[]', '{"format":1}', marker.replace('generation', 'other')]) {
    await writeFile(path, text)
    await assert.rejects(openLocalStore({ folders: under.folders }), { code: 'store-missing' })
  }
  await under.cleanUp()
})

test('a volume is locked against a second opening, and a dead holder does not count', async () => {
  const under = await localStore(2)
  await assert.rejects(openLocalStore({ folders: under.folders }), { code: 'data-folder-in-use' })
  await assert.rejects(openLocalStore({ folders: [under.folders[1] ?? ''] }), {
    code: 'data-folder-in-use',
  })
  await under.store.close()
  const lock = join(under.folders[0] ?? '', 'LOCK')
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const stale = [
    { pid: process.pid, startTime: '1', bootId: boot, nonce: 'reused-pid' },
    { pid: process.pid, startTime: '1', bootId: 'earlier', nonce: 'earlier-boot' },
    { pid: 2 ** 22 + 1, startTime: '1', bootId: boot, nonce: 'no-such-process' },
  ]
  for (const text of [...stale.map((holder) => JSON.stringify(holder)), '{"pid":']) {
    await writeFile(lock, text)
    await (await openLocalStore({ folders: under.folders })).close()
  }
  await under.cleanUp()
})

test('a store is made only in empty folders, and a volume is added to it', async () => {
  const under = await localStore(1)
  const root = join(under.folders[0] ?? '', '..')
  const used = join(root, 'used')
  await mkdir(used)
  await writeFile(join(used, 'a file'), '')
  await assert.rejects(createStore([used], { catalogId: 'c' }), { code: 'already-exists' })
  await assert.rejects(createStore(under.folders, { catalogId: 'c' }), { code: 'store-foreign' })
  await assert.rejects(under.store.addVolume(used), { code: 'already-exists' })
  await under.store.writeMarker({ ...(await under.store.readMarker()), generation: 5 })
  const added = await under.store.addVolume(join(root, 'more'))
  assert.equal((await under.store.volumes()).length, 2)
  await assert.rejects(under.store.addVolume(join(root, 'more')), { code: 'store-foreign' })
  const announced = { name: 'pack-new', volume: added.uid, firstSegment: 64, generation: 6 }
  const writer = await under.store.createPack(announced)
  await writer.seal()
  const folders = [...under.folders, join(root, 'more')]
  const again = await under.reopen({ folders })
  assert.equal((await again.readMarker()).generation, 5)
  assert.equal((await again.readPackIndex(writer.place)).generation, 6)
  const less = await under.reopen()
  await assert.rejects(less.readPackIndex(writer.place), { code: 'store-missing' })
  await under.cleanUp()
})

test('an empty folder mounted in place of the store is not damage', async () => {
  const under = await localStore(1)
  const { place } = await seal(under.store, 'pack-there', 64, recordsOf(64, 3))
  const manifest = 'a/0000000001-b.manifest'
  await under.store.writeManifest(manifest, Buffer.from('m'))
  await rm(under.folders[0] ?? '', { recursive: true })
  await mkdir(under.folders[0] ?? '')
  await assert.rejects(under.store.readPackIndex(place), { code: 'store-missing' })
  await assert.rejects(collect(under.store.scanPack(place)), { code: 'store-missing' })
  await assert.rejects(under.store.readManifest(manifest), { code: 'store-missing' })
  await assert.rejects(under.store.moveToTrash(place), { code: 'store-missing' })
  await under.cleanUp()
})

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { FaultyFileSystem } from '../support/faulty-file-system.ts'
import { BALLAST_BYTES } from '../../server/store/ballast.ts'
import { localStore } from './folders.ts'

const NAME = 'tombstones/point-1.json'

test('each volume has its ballast, laid down anew when it is gone or short', async () => {
  const under = await localStore(2)
  const paths = under.folders.map((folder) => join(folder, 'BALLAST'))
  const sizes = async () => Promise.all(paths.map(async (path) => (await stat(path)).size))
  assert.deepEqual(await sizes(), [BALLAST_BYTES, BALLAST_BYTES])
  await rm(paths[1] ?? '')
  await truncate(paths[0] ?? '', 5)
  await under.store.emptyTrash(0)
  assert.deepEqual(await sizes(), [BALLAST_BYTES, BALLAST_BYTES])
  await under.cleanUp()
})

test('a document is written on a full volume for the ballast, once', async () => {
  const files = new FaultyFileSystem()
  const under = await localStore(1, { files })
  const ballast = join(under.folders[0] ?? '', 'BALLAST')
  files.plan({ call: 'file.write', at: 1, fault: 'ENOSPC', path: /tombstones/ })
  await under.store.writeDocument(NAME, Buffer.from('gone'))
  assert.equal((await under.store.readDocument(NAME))?.toString(), 'gone')
  assert.ok(!existsSync(ballast))
  files.plan({ call: 'file.write', at: 1, fault: 'ENOSPC', path: /tombstones/ })
  await assert.rejects(under.store.writeDocument(NAME, Buffer.from('other')), {
    code: 'store-full',
  })
  assert.equal((await under.store.readDocument(NAME))?.toString(), 'gone', 'it stays as it was')
  assert.deepEqual(files.unhit(), [])
  await under.cleanUp()
})

test('other errors leave the ballast where it is; a volume without room does without', async () => {
  const files = new FaultyFileSystem()
  const under = await localStore(1, { files })
  const ballast = join(under.folders[0] ?? '', 'BALLAST')
  files.plan({ call: 'file.write', at: 1, fault: 'EIO', path: /tombstones/ })
  await assert.rejects(under.store.writeDocument(NAME, Buffer.from('gone')), {
    code: 'store-write-failed',
  })
  assert.ok(existsSync(ballast))
  await rm(ballast)
  files.plan({ call: 'file.write', at: 1, fault: 'ENOSPC', path: /BALLAST/ })
  await under.store.emptyTrash(0)
  assert.ok(!existsSync(ballast))
  assert.deepEqual(files.unhit(), [])
  await under.cleanUp()
})

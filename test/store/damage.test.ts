import assert from 'node:assert/strict'
import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import test from 'node:test'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkId } from '../../core/model/chunk-id.ts'
import type { PackPlace } from '../../server/store/chunk-store.ts'
import type { LocalStore } from '../../server/store/local-store.ts'
import { packPath } from '../../server/store/store-layout.ts'
import { seal } from './chunk-store.suite.ts'
import { localStore } from './folders.ts'
import { chunkBytes, recordOf, recordsOf } from './records.ts'

const small = [
  recordOf(chunkId(64, 0), chunkBytes(1, 150)),
  recordOf(chunkId(64, 1), chunkBytes(2, 140), false),
  recordOf(chunkId(64, 2), chunkBytes(3, 20)),
]

interface Scan {
  readonly whole: number[]
  readonly damaged: number[]
  readonly error: HoldfastError | undefined
}

async function scan(store: LocalStore, place: PackPlace): Promise<Scan> {
  const result = { whole: [] as number[], damaged: [] as number[] }
  try {
    for await (const { chunk, body } of store.scanPack(place))
      (Buffer.isBuffer(body) ? result.whole : result.damaged).push(chunk)
  } catch (error) {
    assert.ok(error instanceof HoldfastError)
    return { ...result, error }
  }
  return { ...result, error: undefined }
}

test('a pack cut anywhere gives the records that are whole, and says that it was cut', async () => {
  const under = await localStore(1, { buffered: true })
  const { place, offsets } = await seal(under.store, 'pack-cut', 64, small)
  const path = packPath(under.folders[0] ?? '', place.name)
  const ends = offsets.map((offset, i) => offset + (small[i]?.length ?? 0))
  const full = await under.store.packBytes(place)
  for (let length = full - 1; length >= 0; length--) {
    await truncate(path, length)
    const { whole, damaged, error } = await scan(under.store, place)
    const expected = ends.filter((end) => end <= length).map((_, i) => chunkId(64, i))
    assert.deepEqual(whole, expected, `cut to ${length} bytes`)
    assert.deepEqual(damaged, [])
    assert.equal(error?.code, 'pack-damaged')
    const index = await under.store.readPackIndex(place)
    assert.deepEqual(
      index.records.map((r) => r.chunk),
      expected,
    )
    assert.notEqual(index.damage, undefined)
  }
  await under.cleanUp()
})

test('one bit flipped anywhere is found', async () => {
  const under = await localStore(1, { buffered: true })
  const { place } = await seal(under.store, 'pack-bit', 64, small)
  const path = packPath(under.folders[0] ?? '', place.name)
  const original = await readFile(path)
  const file = await open(path, 'r+')
  for (let at = 0; at < original.length; at++) {
    const flipped = Buffer.from([(original[at] ?? 0) ^ (1 << (at % 8))])
    await file.write(flipped, 0, 1, at)
    const { damaged, error } = await scan(under.store, place)
    const format = at >= 8 && at < 12 // a newer format is refused, and that is a finding too
    const found = error?.code === 'pack-damaged' || (format && error?.code === 'store-newer')
    assert.ok(damaged.length === 1 || found, `bit of byte ${at} was not noticed`)
    await file.write(original, at, 1, at)
  }
  assert.equal((await scan(under.store, place)).error, undefined)
  await file.close()
  await under.cleanUp()
})

test('damage in one record leaves the others readable', async () => {
  const under = await localStore(1)
  const records = recordsOf(64, 30)
  const { place, offsets } = await seal(under.store, 'pack-body', 64, records)
  const path = packPath(under.folders[0] ?? '', place.name)
  const bytes = await readFile(path)
  bytes.fill(0, (offsets[7] ?? 0) + 100, (offsets[7] ?? 0) + 130)
  bytes.fill(0, bytes.length - 20) // and no trailer: found by walking, each held against its digest
  await writeFile(path, bytes)
  const { whole, damaged, error } = await scan(under.store, place)
  assert.equal(whole.length, 29)
  assert.deepEqual(damaged, [chunkId(64, 7)])
  assert.equal(error?.code, 'pack-damaged')
  await under.cleanUp()
})

test('a deleted pack and one with the name of another are damage', async () => {
  const under = await localStore(1)
  const one = await seal(under.store, 'pack-one', 64, recordsOf(64, 4))
  const two = await seal(under.store, 'pack-two', 128, recordsOf(128, 4))
  const folder = under.folders[0] ?? ''
  await writeFile(packPath(folder, 'pack-one'), await readFile(packPath(folder, 'pack-two')))
  assert.equal((await scan(under.store, one.place)).error?.code, 'pack-damaged')
  await rm(packPath(folder, 'pack-two'))
  const store = await under.reopen()
  assert.equal((await scan(store, two.place)).error?.code, 'pack-damaged')
  await assert.rejects(store.packBytes(two.place), { code: 'pack-damaged' })
  await under.cleanUp()
})

import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { chunkCount } from '../../core/model/geometry.ts'
import { compressPage, expandPage, type MapRun } from '../../core/model/map-page.ts'
import {
  decodeManifest,
  encodeManifest,
  ManifestBuilder,
  manifestName,
  type Manifest,
} from '../../server/store/manifest.ts'
import type { ManifestDisk, ManifestHeader } from '../../server/store/manifest-header.ts'
import { pagesOf } from '../../server/store/manifest-map.ts'

const CHUNK_BYTES = 65536

export function headerOf(disks: readonly { name: string; sizeBytes: number }[]): ManifestHeader {
  const sums = { readBytes: 3, sentBytes: 4, changedBytes: 5, storedBytes: 6 }
  const disk = (
    { name, sizeBytes }: { name: string; sizeBytes: number },
    i: number,
  ): ManifestDisk => ({
    ...{ ordinal: i, id: i + 10, name, path: `/images/${name}`, format: 'raw', sizeBytes },
    ...{ chunkBytes: CHUNK_BYTES, transferMode: 'compared', transferReason: 'no-tracker' },
    ...{
      digestRoot: 'ab'.repeat(32),
      readChecksum: null,
      storedChecksum: '01',
      unreadable: [0, 512],
    },
    ...sums,
  })
  return {
    storeId: 'store-a',
    version: {
      ...{ id: 7, uid: 'version-x', sequence: 3, generation: 9, parentVersion: null },
      ...{ capturedAt: '2026-01-02T03:04:05.678Z', committedAt: '2026-01-02T03:05:00.000Z' },
      ...{ consistency: 'cold', hasMemory: false, powerState: 'off' },
      ...{ configuration: { xml: '<domain/>' }, sizeBytes: 1, changedBytes: 2 },
      ...{ sentBytes: 3, storedBytes: 4 },
    },
    point: {
      ...{ id: 'point-a', state: 'ready', label: 'before the “upgrade”', protected: true },
      ...{ expiresAt: null, createdAt: '2026-01-02T03:05:00.000Z' },
    },
    dataSource: {
      ...{ id: 'source-a', key: 'k', name: 'web/root.raw', kind: 'image', uuid: '' },
      ...{ tenant: '', owner: '' },
    },
    host: { id: 'host-a', name: 'alpha', tenant: '' },
    disks: disks.map(disk),
    previousManifest: 'cd'.repeat(32),
    keyId: 0,
  }
}

/** Chunk ids as maps have them: zeros, neighbours, jumps back and forth, also beyond 2^32. */
const ids = fc
  .array(
    fc.record({
      start: fc.oneof(fc.constant(0), fc.nat(5000), fc.integer({ min: 1, max: 2 ** 45 })),
      length: fc.integer({ min: 1, max: 700 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((runs) =>
    runs.flatMap(({ start, length }) =>
      Array.from({ length }, (_, i) => (start === 0 ? 0 : start + i)),
    ),
  )

function pagesOfIds(all: readonly number[]): MapRun[][] {
  const pages: MapRun[][] = []
  for (let at = 0; at < all.length; at += 1024) pages.push(compressPage(all.slice(at, at + 1024)))
  return pages
}

test('a manifest gives back its header and the pages of every disk', () => {
  fc.assert(
    fc.property(fc.array(ids, { minLength: 0, maxLength: 3 }), (disks) => {
      const header = headerOf(
        // The last chunk of each is short.
        disks.map((all, i) => ({ name: `disk${i}`, sizeBytes: all.length * CHUNK_BYTES - 17 })),
      )
      const builder = new ManifestBuilder()
      for (const all of disks) {
        for (const page of pagesOfIds(all)) builder.addRuns(page)
        builder.endDisk()
      }
      const content = builder.encode(header)
      const decoded = decodeManifest('m', content)
      assert.deepEqual(decoded.header, header)
      assert.deepEqual(
        decoded.maps.map((map) => [...pagesOf(map)]),
        disks.map(pagesOfIds),
      )
      assert.deepEqual(encodeManifest(decoded), content)
    }),
    { numRuns: 200 },
  )
})

function small(): Manifest {
  const map = [
    { chunk: 65536, length: 3 },
    { chunk: 0, length: 2 },
    { chunk: 65600, length: 1 },
  ]
  return { header: headerOf([{ name: 'a', sizeBytes: 6 * CHUNK_BYTES }]), maps: [map] }
}

test('a manifest that is cut, or of which any bit is flipped, is refused', () => {
  const content = encodeManifest(small())
  for (let at = 0; at < content.length; at++) {
    const flipped = Buffer.from(content)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
    assert.throws(() => decodeManifest('m', flipped), { code: 'manifest-damaged' })
    assert.throws(() => decodeManifest('m', content.subarray(0, at)), { code: 'manifest-damaged' })
  }
})

test('a map that does not cover its disk is refused', () => {
  const { header, maps } = small()
  const short = encodeManifest({ header, maps: [maps[0]?.slice(1) ?? []] })
  assert.throws(() => decodeManifest('m', short), { code: 'manifest-damaged' })
  const surplus = encodeManifest({ header, maps: [maps[0] ?? [], []] })
  assert.throws(() => decodeManifest('m', surplus), { code: 'manifest-damaged' })
  assert.equal(chunkCount(header.disks[0]?.sizeBytes ?? 0, CHUNK_BYTES), 6)
  assert.equal(expandPage(maps[0] ?? []).length, 6)
})

test('names sort in the order of the history', () => {
  const names = [9, 10, 100, 2].map((sequence) => manifestName('source-a', sequence, 'version-x'))
  assert.deepEqual(
    [...names].sort().map((name) => Number(/\/(\d+)-/.exec(name)?.[1])),
    [2, 9, 10, 100],
  )
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { chunkId } from '../../core/model/chunk-id.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { addSample, CALLER, SAMPLE_BYTES, SAMPLE_CHUNKS, startService, texts } from './service.ts'

test('compare: chunks that differ by content, ranges joined, the short last one counted short', async (t) => {
  const { handlers, rows } = await startService(t)
  const { first, second } = await addSample(rows)
  const expected = {
    name: 'web.raw',
    differingChunks: 4, // chunk 1030 has equal bytes under another id
    differingBytes: 3 * CHUNK_BYTES + 4097,
    ranges: [
      { offset: 3 * CHUNK_BYTES, length: 2 * CHUNK_BYTES },
      { offset: 1031 * CHUNK_BYTES, length: CHUNK_BYTES },
      { offset: (SAMPLE_CHUNKS - 1) * CHUNK_BYTES, length: 4097 },
    ],
    note: '',
  }
  const { differingBytes } = expected
  const there = await handlers.comparePoints({ from: first, to: second }, CALLER)
  assert.deepEqual(there, { from: first, to: second, differingBytes, disks: [expected] })
  const back = await handlers.comparePoints({ from: second, to: first }, CALLER)
  assert.deepEqual(back, { from: second, to: first, differingBytes, disks: [expected] })
  const same = await handlers.comparePoints({ from: first, to: first }, CALLER)
  assert.equal(same.differingBytes, 0)
})

test('compare: a disk that grew, one that is gone and one that is new', async (t) => {
  const { handlers, rows } = await startService(t)
  const host = await rows.host('alpha')
  const source = await rows.source(host, 'vm')
  const [grows, goes, comes] = [
    await rows.disk(source, 'grows'),
    await rows.disk(source, 'goes'),
    await rows.disk(source, 'comes'),
  ]
  const [a] = await rows.pack([texts('a', 10)])
  const at = (i: number) => chunkId(a!, i)
  const one = { disk: grows, sizeBytes: 3 * CHUNK_BYTES, map: [at(0), 0, at(1)] }
  const v1 = await rows.version(source, [one, { disk: goes, sizeBytes: 5, map: [at(2)] }])
  const grown = {
    ...{ disk: grows, sizeBytes: 5 * CHUNK_BYTES - 7, before: one.map },
    map: [at(0), 0, at(1), 0, at(3)],
  }
  const v2 = await rows.version(source, [grown, { disk: comes, sizeBytes: 9, map: [at(4)] }])
  const [from, to] = [await rows.point(source, v1, { daysAgo: 1 }), await rows.point(source, v2)]
  const { disks } = await handlers.comparePoints({ from, to }, CALLER)
  assert.deepEqual(disks, [
    {
      name: 'grows',
      differingChunks: 2,
      differingBytes: 2 * CHUNK_BYTES - 7,
      ranges: [{ offset: 3 * CHUNK_BYTES, length: 2 * CHUNK_BYTES - 7 }],
      note: `${3 * CHUNK_BYTES} bytes became ${5 * CHUNK_BYTES - 7}`,
    },
    { name: 'goes', differingChunks: 0, differingBytes: 0, ranges: [], note: `only in ${from}` },
    { name: 'comes', differingChunks: 0, differingBytes: 0, ranges: [], note: `only in ${to}` },
  ])
})

test('compare: points of two sources where their disks have one size, refused otherwise', async (t) => {
  const { handlers, rows } = await startService(t)
  const { second, maps } = await addSample(rows)
  const beta = await rows.host('beta')
  const twin = await rows.source(beta, 'twin.raw')
  const disk = await rows.disk(twin, 'twin.raw')
  const map = [...maps[1]]
  map[1024] = 0
  const version = await rows.version(twin, [{ disk, sizeBytes: SAMPLE_BYTES, map }])
  const other = await rows.point(twin, version)
  const found = await handlers.comparePoints({ from: second, to: other }, CALLER)
  assert.deepEqual(found.disks[0]?.ranges, [{ offset: 1024 * CHUNK_BYTES, length: CHUNK_BYTES }])
  const small = await rows.source(beta, 'small.raw')
  const v = await rows.version(small, [
    { disk: await rows.disk(small, 'small.raw'), sizeBytes: 100, map: [0] },
  ])
  const tiny = await rows.point(small, v)
  await assert.rejects(handlers.comparePoints({ from: second, to: tiny }, CALLER), {
    code: 'invalid-argument',
  })
})

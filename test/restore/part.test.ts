import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { partSink, runsOf } from '../../agent/restore/part-map.ts'
import { RESTORES_PARTS } from '../../core/model/agent-feature.ts'
import { partInWords, partSuffix, requirePart } from '../../server/flows/plan-part.ts'
import { bytesOf } from '../support/ext-images.ts'

test('bytes of a disk go to their runs of the part, however they come', async () => {
  const shape = fc.record({
    diskOffset: fc.nat(500),
    runBytes: fc.integer({ min: 1, max: 90 }),
    runs: fc.integer({ min: 1, max: 9 }),
    gap: fc.nat(90),
    last: fc.nat(),
    targetOffset: fc.nat(300),
    chunkBytes: fc.integer({ min: 1, max: 200 }),
  })
  await fc.assert(
    fc.asyncProperty(shape, async ({ runs, gap, last, chunkBytes, ...start }) => {
      const { diskOffset, runBytes, targetOffset } = start
      const length = runBytes * (runs - 1) + 1 + (last % runBytes)
      const piece = { ordinal: 0, ...start, length, targetStride: runBytes + gap }
      const disk = bytesOf('disk', 4096)
      const target = Buffer.alloc(4096)
      const expected = Buffer.alloc(4096)
      for (let at = 0; at < length; at++) {
        const place = targetOffset + Math.floor(at / runBytes) * (runBytes + gap) + (at % runBytes)
        expected[place] = disk[diskOffset + at]!
      }
      const sink = partSink(piece, async (offset, bytes) => void target.set(bytes, offset))
      assert.ok('write' in sink)
      for (let at = 0; at < disk.length; at += chunkBytes)
        await sink.write(at, disk.subarray(at, at + chunkBytes))
      assert.ok(target.equals(expected))
      const covered = [...runsOf(piece, 0, disk.length)].reduce((sum, one) => sum + one.length, 0)
      assert.equal(covered, length)
    }),
  )
})

test('a part is restored by agents that can', () => {
  const host = (features: string[]) => {
    return { id: 'h', name: 'alpha', state: 'online', restoreRoots: [], features } as const
  }
  const volume = { name: 'vg/data', sizeBytes: 4096, partition: undefined, pieces: [] }
  const partition = { number: 2, offset: 4096, sizeBytes: 4096, type: '0x83', name: '' }
  const part = { ...volume, name: 'a:2', partition }
  assert.throws(() => requirePart(host([])), { code: 'version-incompatible' })
  requirePart(host([RESTORES_PARTS]))
  assert.equal(partInWords(part), 'partition 2')
  assert.equal(partInWords(volume), 'logical volume vg/data')
  assert.equal(partSuffix(part), '-p2')
  assert.equal(partSuffix({ ...volume, name: 'a:vg/data' }), '-vg-data')
  assert.equal(partSuffix(undefined), '')
})

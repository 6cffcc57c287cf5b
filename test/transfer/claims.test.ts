import assert from 'node:assert/strict'
import fc from 'fast-check'
import test from 'node:test'
import {
  CLAIM_BUFFERS,
  claimChunks,
  cutIntoClaims,
  READ,
  recordsInBuffer,
} from '../../agent/transfer/claims.ts'
import { selectChunks, type SelectedRun } from '../../agent/transfer/select-chunks.ts'
import type { AllocatedExtent } from '../../core/disk/disk.ts'
import type { Extent } from '../../core/model/extent.ts'
import { chunkCount, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { RUN_KINDS } from '../../core/model/pass-checksum.ts'

async function* each<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** One selection a chunk, after a check that the runs rise without gap. */
function spread(runs: readonly SelectedRun[]): string[] {
  const chunks: string[] = []
  for (const { selection, start, count } of runs) {
    assert.equal(start, chunks.length)
    assert.ok(count > 0)
    for (let i = 0; i < count; i++) chunks.push(selection)
  }
  return chunks
}

const CHUNK = 10
/** Lengths of ranges that alternate between zero and data, and bytes behind the last one. */
const disks = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 45 }), { maxLength: 30 }),
  tail: fc.integer({ min: 0, max: 25 }),
  changes: fc.option(fc.array(fc.tuple(fc.nat(700), fc.integer({ min: 1, max: 30 })))),
})

function extentsOf(lengths: readonly number[]): AllocatedExtent[] {
  let offset = 0
  return lengths.map((length, i) => {
    const extent = { offset, length, zero: i % 2 === 0 }
    offset += length
    return extent
  })
}

test('only chunks wholly inside zeros are skipped, only touched ones are read when changes are known', async () => {
  const property = fc.asyncProperty(disks, async ({ lengths, tail, changes }) => {
    const extents = extentsOf(lengths)
    const sizeBytes = lengths.reduce((a, b) => a + b, 0) + tail // the tail is mentioned nowhere
    const zero = new Array<boolean>(sizeBytes).fill(false)
    for (const e of extents) if (e.zero) zero.fill(true, e.offset, e.offset + e.length)
    const changed: Extent[] | undefined = changes
      ?.map(([offset, length]) => ({ offset, length }))
      .filter(({ offset }) => offset < sizeBytes)
      .sort((a, b) => a.offset - b.offset)
    const runs = await all(
      selectChunks({ sizeBytes, chunkBytes: CHUNK }, each(extents), changed && each(changed)),
    )
    const expected = Array.from({ length: chunkCount(sizeBytes, CHUNK) }, (_, i) => {
      const [from, to] = [i * CHUNK, Math.min((i + 1) * CHUNK, sizeBytes)]
      const touched = changed?.some((c) => c.offset < to && from < c.offset + c.length) ?? true
      if (!touched) return 'base'
      return zero.slice(from, to).every(Boolean) ? 'zero' : 'read'
    })
    assert.deepEqual(spread(runs), expected)
  })
  await fc.assert(property, { numRuns: 300 })
})

const selections = fc.array(
  fc.record({
    selection: fc.constantFrom('read', 'zero', 'base'),
    count: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 12 }) },
      fc.integer({ min: 1, max: 3000 }),
    ),
  }),
  { maxLength: 25 },
)

test('claims and idle runs cover the disk in order; claims read little and stay inside a page', async () => {
  const property = fc.asyncProperty(
    selections,
    fc.integer({ min: 1, max: 40 }),
    async (parts, readOfClaim) => {
      let start = 0
      const runs = parts.map(({ selection, count }): SelectedRun => {
        const run = { selection: selection, start, count }
        start += count
        return run
      })
      const chunks: number[] = []
      for (const item of await all(cutIntoClaims(each(runs), readOfClaim))) {
        assert.equal(item.start, chunks.length)
        if ('states' in item) {
          const { states } = item
          const last = item.start + states.length - 1
          assert.ok(states.filter((state) => state === READ).length <= readOfClaim)
          assert.equal(Math.floor(last / PAGE_CHUNKS), Math.floor(item.start / PAGE_CHUNKS))
          assert.equal(states[0], READ, 'a claim begins where there is something to read')
          chunks.push(...states)
        } else for (let i = 0; i < item.count; i++) chunks.push(item.kind)
      }
      const stateOf = { read: READ, zero: RUN_KINDS.ZERO, base: RUN_KINDS.BASE }
      assert.deepEqual(
        chunks,
        spread(runs).map((selection) => stateOf[selection as keyof typeof stateOf]),
      )
    },
  )
  await fc.assert(property, { numRuns: 200 })
})

test('scattered changes are a few claims, far ones one each', async () => {
  const changes = (gap: number, count: number) =>
    Array.from({ length: count }, (_, i): SelectedRun[] => [
      { selection: 'base', start: i * gap, count: gap - 1 },
      { selection: 'read', start: i * gap + gap - 1, count: 1 },
    ]).flat()
  const claimsOf = async (runs: readonly SelectedRun[]) =>
    (await all(cutIntoClaims(each(runs), 35))).filter((item) => 'states' in item)
  assert.equal((await claimsOf(changes(16, 2 * 64))).length, 4)
  assert.equal((await claimsOf(changes(300, 10))).length, 10)
})

test('a claim of the usual size fills whole frames, whatever the chunk', () => {
  for (const chunkBytes of [4096, 65_536, 131_072, 262_144, 524_288]) {
    const chunks = claimChunks(chunkBytes)
    assert.ok(chunks >= 1 && chunks <= CLAIM_BUFFERS * recordsInBuffer(chunkBytes))
  }
  assert.equal(claimChunks(131_072), 35)
  assert.equal(claimChunks(524_288), 5)
})

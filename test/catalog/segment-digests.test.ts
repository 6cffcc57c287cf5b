import assert from 'node:assert/strict'
import fc from 'fast-check'
import test from 'node:test'
import { chunkId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { decodeRun, encodeRun, expandPage } from '../../core/model/map-page.ts'
import { SegmentCache } from '../../server/flows/segment-cache.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { testDatabase } from '../support/database.ts'

const HELD = 5
const NONE = Buffer.alloc(DIGEST_BYTES, 0xff)

test('digests of many chunks are those of each; what is damaged, gone or emptied has none', async (t) => {
  const database = await testDatabase(t)
  const content = (name: string) => Array.from({ length: HELD }, (_, at) => `${name} ${at}`)
  const [first = 0, second = 0] = await new CatalogRows(database).pack([
    content('first'),
    content('second'),
  ])
  await database.query(`INSERT INTO damage (chunk, found_by, cause) VALUES ($1, 'test', 'bit')`, [
    chunkId(first, 2),
  ])
  await database.query(
    `UPDATE segment SET lengths = overlay(lengths PLACING '\\x00000000'::bytea FROM 13) WHERE id = $1`,
    [second],
  )
  const segments = new SegmentCache(database)
  await segments.load([first, second, second + 1])
  assert.equal(segments.digestOf(chunkId(first, 2)), undefined)
  assert.equal(segments.digestOf(chunkId(second, 3)), undefined)

  // Runs too, beyond the end of a segment and into the next.
  const chunk = fc.record({
    segment: fc.constantFrom(first, second, second + 1, 0),
    position: fc.nat(HELD),
    length: fc.integer({ min: 1, max: 4 }),
  })
  const property = fc.property(fc.array(chunk, { maxLength: 20 }), (parts) => {
    const chunks = parts.flatMap(({ segment, position, length }) =>
      Array.from({ length }, (_, i) => (segment === 0 ? 0 : chunkId(segment, position + i))),
    )
    const into = Buffer.alloc(chunks.length * DIGEST_BYTES, 0xff)
    const lacking = segments.copyDigests(chunks, into)
    assert.equal(
      lacking,
      chunks.find((id) => !segments.digestOf(id)),
    )
    const each = chunks.map((id) => segments.digestOf(id) ?? NONE)
    assert.ok(into.equals(Buffer.concat(each)))
  })
  fc.assert(property, { numRuns: 300 })
})

test('a page expands to a chunk for each position', () => {
  const runs = [
    { chunk: 0, length: 3 },
    { chunk: chunkId(7, 1000), length: 24 },
    { chunk: chunkId(9, 0), length: 1 },
  ]
  const ids = expandPage(runs.map(encodeRun).map(decodeRun))
  assert.equal(ids.length, 28)
  assert.deepEqual(ids.slice(0, 5), [0, 0, 0, chunkId(7, 1000), chunkId(7, 1001)])
  assert.deepEqual(ids.slice(26), [chunkId(7, 1023), chunkId(9, 0)])
})

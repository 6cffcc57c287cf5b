import assert from 'node:assert/strict'
import test from 'node:test'
import type { FetchedPart } from '../../core/filesystem/browse/fetch-paths.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import type { GuestStatus } from '../../core/filesystem/file-system.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { StoredContent, type FilledPart } from '../../server/items/reader/stored-content.ts'

const MIB = 2 ** 20
const BYTES = Buffer.alloc(3 * MIB).map((_, at) => (at * 31 + (at >> 9)) & 0xff)

/** Bytes from 2 MiB on cannot be read. */
const disk: ByteReader = {
  sizeBytes: BYTES.length,
  async read(offset, length) {
    if (offset + length > 2 * MIB) throw new HoldfastError('chunk-damaged', 'a chunk is damaged')
    return Buffer.from(BYTES.subarray(offset, offset + length))
  },
}

const status: GuestStatus = {
  ...{ id: '1', type: 'file', sizeBytes: 0, mode: null, owner: null, links: 1, encrypted: false },
  ...{ modifiedAt: null, accessedAt: null, changedAt: null, createdAt: null, device: null },
}

function headOf(index: number): FetchedPart {
  const path = Buffer.from(`file ${index}`)
  return { head: { index, path, type: 'file', status, attributes: [] } }
}

async function filled(parts: readonly FetchedPart[]): Promise<FilledPart[]> {
  const content = new StoredContent(new Map([['a', disk]]), false)
  const found: FilledPart[] = []
  for (const part of parts) for await (const one of content.fill(part)) found.push(one)
  return found
}

const kinds = (parts: readonly FilledPart[]) => parts.map((part) => Object.keys(part)[0])

test('content that is named comes as its bytes, in order, between what was sent', async () => {
  const parts = await filled([
    headOf(0),
    { data: Buffer.from('before') },
    { stored: { disk: 'a', offset: 1000, length: MIB + 5 } },
    { hole: 77 },
    { stored: { disk: 'a', offset: 0, length: 3 } },
  ])
  const data = parts.flatMap((part) => ('data' in part ? [part.data] : []))
  const expected = ['before', BYTES.subarray(1000, 1005 + MIB), BYTES.subarray(0, 3)]
  assert.ok(Buffer.concat(data).equals(Buffer.concat(expected.map((part) => Buffer.from(part)))))
  assert.deepEqual(kinds(parts).slice(-2), ['hole', 'data'])
})

test('a file whose content cannot be read ends there, and the next one follows', async () => {
  const parts = await filled([
    headOf(4),
    { stored: { disk: 'a', offset: MIB, length: 2 * MIB } },
    { data: Buffer.from('more of it') },
    { hole: 5 },
    {
      failed: { path: Buffer.from('file 4'), index: 4, failure: { code: 'internal', message: '' } },
    },
    headOf(5),
    { stored: { disk: 'a', offset: 0, length: 10 } },
  ])
  assert.deepEqual(kinds(parts), ['head', 'data', 'data', 'failed', 'head', 'data'])
  const failed = parts.find((part) => 'failed' in part)
  assert.ok(failed && 'failed' in failed)
  assert.deepEqual(
    [failed.failed.index, String(failed.failed.path), failed.failed.failure.code],
    [4, 'file 4', 'chunk-damaged'],
  )
})

test('what lies outside of the disks of the point is not read', async () => {
  const places = [
    { disk: 'b', offset: 0, length: 1 },
    { disk: 'a', offset: BYTES.length, length: 1 },
    { disk: 'a', offset: -1, length: 4 },
    { disk: 'a', offset: 0, length: 2 ** 60 },
  ]
  for (const stored of places) {
    const [, failed] = await filled([headOf(0), { stored }])
    assert.ok(failed && 'failed' in failed)
    assert.equal(failed.failed.failure.code, 'filesystem-damaged')
  }
})

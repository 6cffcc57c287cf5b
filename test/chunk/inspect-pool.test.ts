import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import test from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openInspectPool } from '../../core/chunk/inspect-pool.ts'
import { openCodec } from '../../core/chunk/codec.ts'
import { inspectRecords } from '../../core/chunk/inspect.ts'
import { RECORD_HEADER_BYTES, RECORD_OFFSETS, encodePlace } from '../../core/chunk/record.ts'
import { readRecordHeader, recordBody, recordDigest } from '../../core/chunk/record-header.ts'
import { digestOf, DIGEST_BYTES } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { noise, pattern, record } from './records.ts'

const workers = openChunkWorkers()
const pool = openInspectPool(workers)
test.after(() => workers.close())

const CHUNKS = [pattern(1, 4096), noise(2, 4096), Buffer.alloc(4096), pattern(3, 777)]

function frame(withDigests: boolean): Buffer {
  const records = CHUNKS.map((plain, i) =>
    record(encodePlace(2, 1000 + i), plain, withDigests ? digestOf(plain) : undefined),
  )
  return Buffer.concat(records)
}

for (const withDigests of [false, true])
  test(`records ${withDigests ? 'with' : 'without'} the sender's digest are proven and completed`, async () => {
    const sent = frame(withDigests)
    const result = await pool.inspect(Buffer.from(sent))
    assert.equal(result.count, 4)
    for (const [i, plain] of CHUNKS.entries()) {
      const at = result.offsets[i] ?? 0
      const header = readRecordHeader(result.records, at)
      assert.ok(typeof header !== 'string')
      assert.equal(result.places[i], encodePlace(2, 1000 + i))
      assert.equal(result.plainLengths[i], plain.length)
      assert.equal(result.storedLengths[i], header.storedLength)
      assert.equal(result.totalBytes[i], RECORD_HEADER_BYTES + header.storedLength)
      assert.equal(result.codecs[i], header.codec)
      assert.equal(result.crcs[i], crc32(plain))
      assert.equal(header.storedCrc32, crc32(recordBody(result.records, at, header.storedLength)))
      const digest = result.digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)
      assert.deepEqual(digest, digestOf(plain))
      assert.deepEqual(recordDigest(result.records, at), digest)
    }
    assert.deepEqual([...result.zeros], [0, 0, 1, 0])
    assert.deepEqual([...result.codecs], [1, 0, 1, 1])
  })

test('a large buffer moves without a copy, and its memory can be freed', async () => {
  const memory = new ArrayBuffer(10 + 200 * 4176)
  const sent = Buffer.from(memory, 10)
  for (let i = 0; i < 200; i++) record(i, noise(i, 4096)).copy(sent, i * 4176)
  const result = await pool.inspect(sent)
  assert.equal(memory.byteLength, 0, 'given away')
  assert.equal(result.records.length, 200 * 4176)
  assert.equal(result.records.byteOffset, 10)
  result.release()
  assert.equal(result.records.length, 0)
  assert.equal(result.digests.length, 200 * DIGEST_BYTES)
})

test('results come in the order of the calls, whatever they take', async () => {
  const order: number[] = []
  const calls = Array.from({ length: 12 }, async (_, i) => {
    const heavy = i % 3 === 0
    const plain = heavy ? pattern(i, 262_144) : pattern(i, 100)
    const copies = heavy ? 12 : 1
    const sent = Buffer.concat(Array.from({ length: copies }, (_, k) => record(i + k, plain)))
    const result = await pool.inspect(sent)
    order.push(i)
    assert.equal(result.count, copies)
  })
  await Promise.all(calls)
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
})

test('room() waits while the pool is full', async () => {
  const calls = Array.from({ length: 6 }, (_, i) => pool.inspect(record(i, pattern(i, 262_144))))
  let free = false
  const room = pool.room().then(() => (free = true))
  // Turns of promises only: no worker's answer can come in between.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  assert.equal(free, false)
  await room
  await Promise.all(calls)
})

function codeOf(bytes: Buffer): string {
  try {
    inspectRecords(bytes, codec)
    return 'accepted'
  } catch (error) {
    return error instanceof HoldfastError ? error.code : String(error)
  }
}
const codec = openCodec()

test('malformed records are refused by kind', () => {
  const one = record(5, pattern(1, 4096), digestOf(pattern(1, 4096)))
  const write32 = (at: number, value: number) => {
    const bytes = Buffer.from(one)
    bytes.writeUInt32LE(value, at)
    return bytes
  }
  const write8 = (at: number, value: number) => {
    const bytes = Buffer.from(one)
    bytes[at] = value
    return bytes
  }
  const refused: [string, Buffer][] = [
    ['protocol-violation', Buffer.concat([one, Buffer.from('rest')])],
    ['protocol-violation', Buffer.concat([one, Buffer.alloc(RECORD_HEADER_BYTES)])],
    ['protocol-violation', one.subarray(0, -1)],
    ['protocol-violation', one.subarray(0, 50)],
    ['protocol-violation', write32(RECORD_OFFSETS.magic, 1)],
    ['protocol-violation', write32(RECORD_OFFSETS.storedLength, 0)],
    ['protocol-violation', write32(RECORD_OFFSETS.storedLength, 0xffffffff)],
    ['protocol-violation', write32(RECORD_OFFSETS.plainLength, 0)],
    ['protocol-violation', write32(RECORD_OFFSETS.plainLength, 0x40000000)],
    ['protocol-violation', write8(RECORD_OFFSETS.codec, 9)],
    ['protocol-violation', write8(RECORD_OFFSETS.algorithm, 2)],
    ['protocol-violation', write8(RECORD_OFFSETS.keyId, 1)],
    ['protocol-violation', write8(RECORD_OFFSETS.nonce, 1)],
    ['protocol-violation', write8(RECORD_OFFSETS.place + 7, 0x80)],
    ['chunk-mismatch', write32(RECORD_OFFSETS.plainLength, 4095)],
    ['chunk-mismatch', write32(RECORD_OFFSETS.crc32, 1)],
    ['chunk-mismatch', write8(RECORD_OFFSETS.digest, (one[RECORD_OFFSETS.digest] ?? 0) ^ 1)],
    ['chunk-mismatch', write8(RECORD_HEADER_BYTES + 20, (one[RECORD_HEADER_BYTES + 20] ?? 0) ^ 1)],
    ['accepted', Buffer.alloc(0)],
    ['accepted', one],
  ]
  for (const [code, bytes] of refused) assert.equal(codeOf(Buffer.from(bytes)), code)
})

test('no single flipped bit is accepted with other plain bytes', () => {
  const plains = [pattern(4, 600), noise(5, 200), pattern(6, 999)]
  const sent = Buffer.concat(plains.map((plain, i) => record(i, plain)))
  const digests = Buffer.concat(plains.map(digestOf))
  let accepted = 0
  for (let bit = 0; bit < sent.length * 8; bit += 3) {
    const bytes = Buffer.from(sent)
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    try {
      const result = inspectRecords(bytes, codec)
      assert.ok(result.digests.equals(digests), `bit ${bit}`)
      accepted++
    } catch (error) {
      assert.ok(error instanceof HoldfastError, String(error))
    }
  }
  // Places are the ingest's to check (their order), and the stored CRC-32 is filled in here.
  assert.ok(accepted <= Math.ceil((3 * (53 + 32)) / 3) + 40, `${accepted} accepted`)
})

test('random bytes in place of records never crash it', () => {
  for (let seed = 0; seed < 300; seed++) {
    const bytes = noise(seed, 50 + seed * 7)
    if (seed % 2 === 0) bytes.writeUInt32LE(0x31724648, 0)
    assert.equal(codeOf(bytes), 'protocol-violation')
  }
})

test('a failure fails its own buffer only', async () => {
  const good = () => record(1, pattern(1, 4096))
  const bad = good()
  bad[RECORD_HEADER_BYTES + 9] = (bad[RECORD_HEADER_BYTES + 9] ?? 0) ^ 0xff
  const results = await Promise.allSettled([good(), bad, good()].map((b) => pool.inspect(b)))
  assert.deepEqual(
    results.map((r) => r.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

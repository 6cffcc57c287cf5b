import assert from 'node:assert/strict'
import { constants, createZstdCompress, zstdCompressSync } from 'node:zlib'
import test from 'node:test'
import { compressBound, openCodec, publicCodec, type ChunkCodec } from '../../core/chunk/codec.ts'
import { persistentZstdWorks } from '../../core/chunk/persistent-zstd.ts'
import { isOneZstdFrame } from '../../core/chunk/zstd-frame.ts'
import { isZero } from '../../core/chunk/zero-test.ts'
import { noise, pattern } from './records.ts'

const persistent = openCodec()
const codecs: [string, ChunkCodec][] = [
  ['persistent contexts', persistent],
  ['public calls', publicCodec],
]

function compress(codec: ChunkCodec, plain: Buffer, level = 1): Buffer {
  const out = Buffer.alloc(compressBound(plain.length))
  return out.subarray(0, codec.compress(plain, out, level))
}

test('this Node has the private handle that the fast codec needs', () => {
  assert.notEqual(persistent, publicCodec)
  const other = (plain: Uint8Array) => Buffer.from(plain).reverse()
  assert.equal(persistentZstdWorks(other), false, 'other bytes than the public call fail the test')
})

for (const [name, codec] of codecs) {
  test(`${name}: round trips of every length and level, read by the other codec too`, () => {
    for (const length of [300, 511, 4096, 65_537, 131_072, 524_288])
      for (const level of [1, 3, 9]) {
        const plain = pattern(length, length)
        const stored = compress(codec, plain, level)
        assert.ok(stored.length > 0 && stored.length < plain.length, `${length} at ${level}`)
        for (const [, reader] of codecs) {
          const back = Buffer.alloc(length, 1)
          reader.decompress(stored, back)
          assert.ok(back.equals(plain))
        }
      }
  })

  test(`${name}: what does not shrink is not compressed, and the next chunk is right again`, () => {
    assert.equal(compress(codec, noise(1, 131_072)).length, 0)
    assert.equal(compress(codec, Buffer.from('a')).length, 0)
    assert.equal(compress(codec, pattern(1, 4096), 0).length, 0, 'level 0 stores plain')
    const plain = pattern(2, 131_072)
    const back = Buffer.alloc(plain.length)
    codec.decompress(compress(codec, plain), back)
    assert.ok(back.equals(plain))
  })

  test(`${name}: damage of any byte gives an error or other bytes, and harms no later chunk`, () => {
    const plain = pattern(7, 3000)
    const stored = compress(codec, plain)
    const back = Buffer.alloc(plain.length)
    for (let i = 0; i < stored.length; i++) {
      const damaged = Buffer.from(stored)
      damaged[i] = (damaged[i] ?? 0) ^ (1 << (i % 8))
      try {
        codec.decompress(damaged, back)
      } catch (error) {
        assert.ok(error instanceof Error)
      }
      codec.decompress(stored, back)
      assert.ok(back.equals(plain), `after damage at ${i}`)
    }
  })

  test(`${name}: only one whole frame of exactly the right length is accepted`, () => {
    const plain = pattern(3, 5000)
    const stored = compress(codec, plain)
    const back = Buffer.alloc(plain.length)
    const refused: [string, Buffer, Buffer][] = [
      ['shorter', stored, Buffer.alloc(plain.length - 1)],
      ['longer', stored, Buffer.alloc(plain.length + 1)],
      ['cut', stored.subarray(0, -1), back],
      ['empty', Buffer.alloc(0), back],
      ['rest', Buffer.concat([stored, Buffer.from([0])]), back],
      ['two', Buffer.concat([stored, stored]), Buffer.alloc(2 * plain.length)],
      ['skippable', Buffer.from('502a4d1804000000aabbccdd', 'hex'), back],
      ['unfinished', unfinished(plain), back],
    ]
    for (const [what, bytes, into] of refused)
      assert.throws(() => codec.decompress(bytes, into), Error, what)
    codec.decompress(stored, back)
    assert.ok(back.equals(plain))
  })

  test(`${name}: a frame may not ask for more memory than a chunk has`, () => {
    const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 }
    const wide = zstdCompressSync(pattern(1, 9_000_000), { params }).subarray(0, 300_000)
    assert.throws(() => codec.decompress(wide, Buffer.alloc(131_072)))
  })
}

/** All blocks but the last one's mark: what a flush without an end leaves. */
function unfinished(plain: Buffer): Buffer {
  const stream = createZstdCompress() as unknown as {
    _handle: { writeSync(...args: unknown[]): void }
    _writeState: Uint32Array
  }
  const out = Buffer.alloc(compressBound(plain.length))
  stream._handle.writeSync(constants.ZSTD_e_flush, plain, 0, plain.length, out, 0, out.length)
  return out.subarray(0, out.length - (stream._writeState[0] ?? 0))
}

test('frames with and without content size and checksum are known as whole', () => {
  const plain = pattern(5, 300_000)
  for (const contentSize of [0, 1])
    for (const checksum of [0, 1]) {
      const params = {
        [constants.ZSTD_c_contentSizeFlag]: contentSize,
        [constants.ZSTD_c_checksumFlag]: checksum,
      }
      const frame = zstdCompressSync(plain, { params })
      assert.ok(isOneZstdFrame(frame))
      for (const cut of [1, 2, 4, 5, 1000]) assert.ok(!isOneZstdFrame(frame.subarray(0, -cut)))
    }
})

test('the zero test sees every byte', () => {
  const bytes = Buffer.alloc(131_072)
  assert.ok(isZero(bytes))
  assert.ok(isZero(bytes.subarray(0, 0)))
  for (const at of [0, 1, 4095, 65_536, 131_071]) {
    bytes[at] = 1
    assert.ok(!isZero(bytes))
    bytes[at] = 0
  }
})

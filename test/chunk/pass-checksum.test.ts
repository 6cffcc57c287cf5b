import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { PassChecksum, RUN_KINDS } from '../../core/model/pass-checksum.ts'

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4))
  return bytes
}

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

test('the definition, item by item', () => {
  const sum = new PassChecksum()
  sum.chunk(0xdeadbeef)
  sum.run(RUN_KINDS.ZERO, 3)
  sum.run(RUN_KINDS.ZERO, 2 ** 33)
  sum.run(RUN_KINDS.UNREADABLE, 1)
  sum.chunk(0)
  sum.run(RUN_KINDS.BASE, 7)
  const expected = sha256(
    u32(0xdeadbeef),
    u32(0, 0, 3, 2),
    u32(0, 3, 1, 0),
    u32(1),
    u32(0, 1, 7, 0),
  )
  assert.deepEqual(sum.digest(), expected)
})

test('neighbouring runs of one kind are one run, whoever cut them', () => {
  const whole = new PassChecksum()
  const cut = new PassChecksum()
  whole.run(RUN_KINDS.ZERO, 10)
  for (const count of [1, 0, 4, 5]) cut.run(RUN_KINDS.ZERO, count)
  for (const sum of [whole, cut]) sum.chunk(5)
  assert.deepEqual(cut.digest(), whole.digest())
})

test('order, kind and count all show', () => {
  const passes: ((sum: PassChecksum) => void)[] = [
    (sum) => sum.run(RUN_KINDS.ZERO, 1),
    (sum) => sum.run(RUN_KINDS.ZERO, 2),
    (sum) => sum.run(RUN_KINDS.UNREADABLE, 1),
    (sum) => sum.chunk(1),
    () => {},
  ]
  const digests = passes.flatMap((first) =>
    passes.map((second) => {
      const sum = new PassChecksum()
      first(sum)
      sum.chunk(9)
      second(sum)
      return sum.digest().toString('hex')
    }),
  )
  assert.equal(new Set(digests).size, digests.length)
})

test('many chunks go through in batches', () => {
  const sum = new PassChecksum()
  const items = Array.from({ length: 40_000 }, (_, i) => i + 1)
  for (const crc of items) sum.chunk(crc)
  assert.deepEqual(sum.digest(), sha256(u32(...items)))
})

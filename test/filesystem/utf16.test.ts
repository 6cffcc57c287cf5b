import assert from 'node:assert/strict'
import test from 'node:test'
import { fromUtf16, toText } from '../../core/filesystem/utf16.ts'

const units = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2))
  return bytes
}

test('utf16: names become UTF-8 and come back', () => {
  for (const name of ['', 'plain', 'naïve ☃ 日本', '😀 beyond the plane']) {
    const bytes = fromUtf16(Buffer.from(name, 'utf16le'))
    assert.equal(bytes.toString(), name)
    assert.equal(toText(bytes), name)
  }
})

test('utf16: halves of pairs are kept apart', () => {
  const names = [units(0xd83d), units(0xd83e), units(0xde00), units(0x61, 0xdfff, 0xd800, 0x62)]
  const encoded = names.map(fromUtf16)
  assert.equal(new Set(encoded.map((bytes) => bytes.toString('hex'))).size, names.length)
  for (const [index, bytes] of encoded.entries())
    assert.deepEqual(Buffer.from(toText(bytes), 'utf16le'), names[index])
})

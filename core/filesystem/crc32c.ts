const POLYNOMIAL = 0x82f63b78
const AT_ONCE = 8

/** Eight tables of 256: what each of eight bytes in a row does to the sum. */
const TABLES = makeTables()

function makeTables(): Uint32Array {
  const tables = new Uint32Array(AT_ONCE * 256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0)
    tables[byte] = value
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!
    tables[at] = tables[before & 0xff]! ^ (before >>> 8)
  }
  return tables
}

/** CRC-32C as Linux chains it: no inversion before or after; start with 0xFFFFFFFF. */
export function crc32c(seed: number, bytes: Uint8Array): number {
  const t = TABLES
  const { length } = bytes
  let value = seed
  let at = 0
  for (const end = length - AT_ONCE; at <= end; at += AT_ONCE)
    value =
      t[1792 + ((value ^ bytes[at]!) & 0xff)]! ^
      t[1536 + (((value >>> 8) ^ bytes[at + 1]!) & 0xff)]! ^
      t[1280 + (((value >>> 16) ^ bytes[at + 2]!) & 0xff)]! ^
      t[1024 + ((value >>> 24) ^ bytes[at + 3]!)]! ^
      t[768 + bytes[at + 4]!]! ^
      t[512 + bytes[at + 5]!]! ^
      t[256 + bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!
  for (; at < length; at++) value = t[(value ^ bytes[at]!) & 0xff]! ^ (value >>> 8)
  return value >>> 0
}

export function uint32le(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

export function uint32be(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

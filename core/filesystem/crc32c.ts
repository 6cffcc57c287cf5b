const POLYNOMIAL = 0x82f63b78
/** Eight tables of 256: what a byte does to the sum that is followed by 0 to 7 others. */
const TABLES = makeTables()

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0)
    tables[byte] = value
  }
  for (let at = 256; at < tables.length; at++) {
    const value = tables[at - 256]!
    tables[at] = (value >>> 8) ^ tables[value & 0xff]!
  }
  return tables
}

/** CRC-32C as Linux chains it: no inversion before or after; start with 0xFFFFFFFF. */
export function crc32c(seed: number, bytes: Uint8Array): number {
  const t = TABLES
  let value = seed | 0
  let at = 0
  for (const end = bytes.length - 7; at < end; at += 8) {
    value ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    value =
      t[1792 + (value & 0xff)]! ^
      t[1536 + ((value >>> 8) & 0xff)]! ^
      t[1280 + ((value >>> 16) & 0xff)]! ^
      t[1024 + (value >>> 24)]! ^
      t[768 + bytes[at + 4]!]! ^
      t[512 + bytes[at + 5]!]! ^
      t[256 + bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) value = t[(value ^ bytes[at]!) & 0xff]! ^ (value >>> 8)
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

/*
 * Writes protobuf messages by hand, for those that are made so often that objects on the way would
 * cost more than all else. Field numbers are the caller's: its tests compare with what the generated
 * code reads.
 */

const VARINT = 0
const LENGTH_DELIMITED = 2
const LOW_BITS = 0x7f
const MORE = 0x80
const FIRST_BYTES = 16 * 1024
/** What a varint has at most. */
const MOST_VARINT_BYTES = 10

/** One message after another in memory that is used again. Fields that are left out have proto3's defaults. */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #end = 0

  /** The message that `write` writes, as bytes of its own. Nothing is left of one that failed. */
  whole(write: () => void): Buffer {
    this.#end = 0
    write()
    return Buffer.from(this.#bytes.subarray(0, this.#end))
  }

  /** Of int32, int64, uint32 and bool; whole numbers that a double holds exactly. */
  number(field: number, value: number): void {
    this.#room(2 * MOST_VARINT_BYTES)
    this.#varint((field << 3) | VARINT)
    if (value < 0) this.#negative(value)
    else this.#varint(value)
  }

  bytes(field: number, value: Uint8Array): void {
    this.#room(2 * MOST_VARINT_BYTES + value.length)
    this.#varint((field << 3) | LENGTH_DELIMITED)
    this.#varint(value.length)
    this.#bytes.set(value, this.#end)
    this.#end += value.length
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value)
    this.#room(2 * MOST_VARINT_BYTES + length)
    this.#varint((field << 3) | LENGTH_DELIMITED)
    this.#varint(length)
    this.#end += this.#bytes.write(value, this.#end)
  }

  /** A message within this one: what `write` writes. */
  message(field: number, write: () => void): void {
    this.#room(2 * MOST_VARINT_BYTES)
    this.#varint((field << 3) | LENGTH_DELIMITED)
    // Most are shorter than 128 bytes: one byte for their length, and longer ones move.
    const lengthAt = this.#end++
    const start = this.#end
    write()
    const length = this.#end - start
    if (length <= LOW_BITS) {
      this.#bytes[lengthAt] = length
      return
    }
    const lengthBytes = varintBytes(length)
    this.#room(lengthBytes)
    this.#bytes.copyWithin(lengthAt + lengthBytes, start, this.#end)
    this.#end = lengthAt
    this.#varint(length)
    this.#end += length
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#end + bytes))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }

  #varint(value: number): void {
    let rest = value
    // Shifts are for 32 bits.
    for (; rest > 0x7fffffff; rest = Math.floor(rest / MORE))
      this.#bytes[this.#end++] = (rest % MORE) | MORE
    for (; rest > LOW_BITS; rest >>>= 7) this.#bytes[this.#end++] = (rest & LOW_BITS) | MORE
    this.#bytes[this.#end++] = rest
  }

  /** As two's complement of 64 bits: always ten bytes. */
  #negative(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#end++] = Number(rest & 0x7fn) | MORE
    this.#bytes[this.#end++] = Number(rest)
  }
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > LOW_BITS; rest = Math.floor(rest / MORE)) bytes++
  return bytes
}

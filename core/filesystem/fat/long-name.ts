import { fromUtf16 } from '../utf16.ts'

const LAST = 0x40
const UNITS_PER_ENTRY = 13

/**
 * Collects the entries of a long name, which come before the short one, last part first. A name
 * whose parts do not fit each other or the short name counts as not there, as with every system.
 */
export class LongName {
  #parts: Buffer[] = []
  #next = 0
  #checksum = -1

  add(entry: Buffer): void {
    const order = entry.readUInt8(0)
    const checksum = entry.readUInt8(13)
    if ((order & LAST) !== 0) {
      this.#parts = []
      this.#next = order & 0x3f
      this.#checksum = checksum
    }
    if (this.#next === 0 || (order & 0x3f) !== this.#next || checksum !== this.#checksum)
      return this.clear()
    const units = [entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)]
    this.#parts.unshift(Buffer.concat(units))
    this.#next--
  }

  /** The name that goes with a short one, and an empty collection for the next. */
  take(short: Buffer): Buffer | undefined {
    const isWhole = this.#parts.length > 0 && this.#next === 0
    const name = isWhole && this.#checksum === checksumOf(short) ? this.#text() : undefined
    this.clear()
    return name
  }

  clear(): void {
    this.#parts = []
    this.#next = 0
    this.#checksum = -1
  }

  #text(): Buffer {
    const units = Buffer.concat(this.#parts)
    const count = this.#parts.length * UNITS_PER_ENTRY
    for (let index = 0; index < count; index++)
      if (units.readUInt16LE(index * 2) === 0) return fromUtf16(units.subarray(0, index * 2))
    return fromUtf16(units)
  }
}

function checksumOf(short: Buffer): number {
  return short.reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0)
}

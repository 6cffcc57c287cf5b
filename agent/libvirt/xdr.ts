/*
 * XDR (RFC 4506), as far as libvirt's protocol needs it: all is in units of four bytes, big-endian;
 * what may be absent has a word before it.
 */

export class XdrWriter {
  readonly #parts: Buffer[] = []

  /** Signed and unsigned words have the same bytes. */
  word(value: number): this {
    const part = Buffer.alloc(4)
    part.writeUInt32BE(value >>> 0)
    this.#parts.push(part)
    return this
  }

  /** Of a length that both sides know. */
  fixed(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes), padding(bytes.length))
    return this
  }

  string(text: string): this {
    const bytes = Buffer.from(text)
    return this.word(bytes.length).fixed(bytes)
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

/** Throws RangeError past the end, as Buffer does. */
export class XdrReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  word(): number {
    const value = this.#bytes.readInt32BE(this.#at)
    this.#at += 4
    return value
  }

  /** Above 2^53 it would not be exact: no size is. */
  long(): number {
    const value = this.#bytes.readBigUInt64BE(this.#at)
    this.#at += 8
    return Number(value)
  }

  fixed(length: number): Buffer {
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new RangeError('the message is cut off')
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end + padding(length).length
    return part
  }

  string(): string {
    return this.fixed(this.word()).toString('utf8')
  }

  optional<T>(read: () => T): T | undefined {
    return this.word() === 0 ? undefined : read()
  }
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4)
}

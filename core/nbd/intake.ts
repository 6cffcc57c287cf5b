/** The next bytes that are expected, and where they go. Without `into` they are dropped. */
interface Expectation {
  into: Uint8Array | undefined
  readonly length: number
  filled: number
  readonly done: () => void
}

/** What may arrive before anybody expects it; a peer that sends more breaks the protocol. */
const MOST_UNEXPECTED = 64 * 1024

/**
 * Turns what a socket delivers into exactly the pieces that the protocol expects, copying each byte
 * once, to its place. `done` of one piece expects the next.
 */
export class Intake {
  #expected: Expectation | undefined
  #early: Buffer = Buffer.alloc(0)
  #isFeeding = false

  /** Fills `into` (or drops `length` bytes), then calls `done`. One expectation at a time. */
  expect(into: Uint8Array | undefined, length: number, done: () => void): void {
    if (this.#expected) throw new Error('two expectations at a time')
    this.#expected = { into, length, filled: 0, done }
    // Inside feed() the loop there goes on by itself: no recursion, however small the pieces.
    if (this.#isFeeding) return
    const early = this.#early
    this.#early = Buffer.alloc(0)
    this.feed(early)
  }

  /** The buffer that is being filled is given back to its owner: what is still to come is dropped. */
  abandon(buffer: Uint8Array): void {
    const into = this.#expected?.into
    if (this.#expected && into?.buffer === buffer.buffer && isPart(buffer, into))
      this.#expected.into = undefined
  }

  /** Takes what arrived. The bytes are free again when this returns. */
  feed(bytes: Uint8Array): void {
    this.#isFeeding = true
    try {
      const rest = bytes.subarray(this.#consume(bytes))
      if (this.#early.length + rest.length > MOST_UNEXPECTED)
        throw new Error('the peer sent what nobody asked for')
      if (rest.length > 0) this.#early = Buffer.concat([this.#early, rest])
    } finally {
      this.#isFeeding = false
    }
  }

  #consume(bytes: Uint8Array): number {
    let at = 0
    for (let next = this.#expected; next; next = this.#expected) {
      const count = Math.min(next.length - next.filled, bytes.length - at)
      next.into?.set(bytes.subarray(at, at + count), next.filled)
      next.filled += count
      at += count
      if (next.filled < next.length) return at
      this.#expected = undefined
      next.done()
    }
    return at
  }
}

function isPart(whole: Uint8Array, part: Uint8Array): boolean {
  const start = part.byteOffset - whole.byteOffset
  return start >= 0 && start + part.length <= whole.length
}

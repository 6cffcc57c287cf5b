import type { ReadPart } from './export.ts'
import {
  ALLOCATION_ID,
  REPLY,
  REPLY_DONE,
  REPLY_ERROR_AT,
  REPLY_ERROR,
  SIMPLE_REPLY_MAGIC,
  STATE_HOLE,
  STATE_ZERO,
  STRUCTURED_REPLY_MAGIC,
} from './protocol.ts'
import type { ServerSocket } from './server-socket.ts'

export interface Asked {
  readonly cookie: bigint
  readonly offset: number
}

/** Clients end the connection above 4 KiB of message. */
const LONGEST_MESSAGE = 1024

/** Says replies, in the form that was agreed on. Each resolves when it has left. */
export class ReplySender {
  readonly #socket: ServerSocket
  readonly #isStructured: boolean

  constructor(socket: ServerSocket, isStructured: boolean) {
    this.#socket = socket
    this.#isStructured = isStructured
  }

  /** Done, with nothing to say. */
  done({ cookie }: Asked): Promise<void> {
    if (!this.#isStructured) return this.#socket.send(simple(cookie, 0))
    return this.#socket.send(structured(cookie, REPLY_DONE, REPLY.none, 0))
  }

  fail({ cookie }: Asked, errno: number, message: string): Promise<void> {
    if (!this.#isStructured) return this.#socket.send(simple(cookie, errno))
    const body = errorBody(errno, message)
    return this.#socket.send(structured(cookie, REPLY_DONE, REPLY_ERROR + 1, body.length), body)
  }

  failAt({ cookie }: Asked, errno: number, message: string, offset: number): Promise<void> {
    const body = Buffer.concat([errorBody(errno, message), uint64(offset)])
    return this.#socket.send(structured(cookie, REPLY_DONE, REPLY_ERROR_AT, body.length), body)
  }

  /** A whole read in one piece. */
  whole({ cookie, offset }: Asked, parts: readonly ReadPart[], length: number): Promise<void> {
    const data = parts.flatMap(({ bytes, length: zeros }) => (bytes ? [bytes] : zeroBytes(zeros)))
    if (!this.#isStructured) return this.#socket.send(simple(cookie, 0), ...data)
    const head = structured(cookie, REPLY_DONE, REPLY.data, 8 + length)
    return this.#socket.send(head, uint64(offset), ...data)
  }

  /** Some of a read, data and holes apart. */
  parts({ cookie }: Asked, parts: readonly ReadPart[], isLast: boolean): Promise<void> {
    const runs = joined(parts)
    const bytes = runs.flatMap((run, at) => {
      const flags = isLast && at === runs.length - 1 ? REPLY_DONE : 0
      if (run.data.length === 0)
        return [structured(cookie, flags, REPLY.hole, 12), uint64(run.offset), uint32s(run.length)]
      const head = structured(cookie, flags, REPLY.data, 8 + run.length)
      return [head, uint64(run.offset), ...run.data]
    })
    return this.#socket.send(...bytes)
  }

  status(
    { cookie }: Asked,
    extents: readonly { readonly length: number; readonly zero: boolean }[],
  ): Promise<void> {
    const flags = (zero: boolean) => (zero ? STATE_HOLE | STATE_ZERO : 0)
    const body = uint32s(
      ALLOCATION_ID,
      ...extents.flatMap(({ length, zero }) => [length, flags(zero)]),
    )
    const head = structured(cookie, REPLY_DONE, REPLY.blockStatus, body.length)
    return this.#socket.send(head, body)
  }
}

interface Run {
  readonly offset: number
  length: number
  /** Empty: a hole. */
  readonly data: Uint8Array[]
}

/** Neighbours of one kind become one chunk of the reply. */
function joined(parts: readonly ReadPart[]): Run[] {
  const runs: Run[] = []
  for (const { offset, length, bytes } of parts) {
    const last = runs.at(-1)
    const isSame = last && last.data.length > 0 === (bytes !== undefined)
    if (!isSame) runs.push({ offset, length, data: bytes ? [bytes] : [] })
    else {
      last.length += length
      if (bytes) last.data.push(bytes)
    }
  }
  return runs
}

const ZEROS = Buffer.alloc(256 * 1024)

function zeroBytes(length: number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let left = length; left > 0; left -= ZEROS.length)
    pieces.push(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS)
  return pieces
}

function simple(cookie: bigint, errno: number): Buffer {
  const head = Buffer.allocUnsafe(16)
  head.writeUInt32BE(SIMPLE_REPLY_MAGIC, 0)
  head.writeUInt32BE(errno, 4)
  head.writeBigUInt64BE(cookie, 8)
  return head
}

function structured(cookie: bigint, flags: number, type: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(20)
  head.writeUInt32BE(STRUCTURED_REPLY_MAGIC, 0)
  head.writeUInt16BE(flags, 4)
  head.writeUInt16BE(type, 6)
  head.writeBigUInt64BE(cookie, 8)
  head.writeUInt32BE(length, 16)
  return head
}

function errorBody(errno: number, message: string): Buffer {
  const text = Buffer.from(message).subarray(0, LONGEST_MESSAGE)
  const head = Buffer.alloc(6)
  head.writeUInt32BE(errno, 0)
  head.writeUInt16BE(text.length, 4)
  return Buffer.concat([head, text])
}

function uint64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4)
  values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4))
  return bytes
}

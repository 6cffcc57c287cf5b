import { freeMemory } from '../chunk/chunk-task.ts'
import { noteGarbage } from '../runtime/young-garbage.ts'
import type { FilePart, FilePart__Output } from './generated/holdfast/v1/FilePart.ts'

/*
 * Parts with content are nearly all bytes of files on their way: they are written and read by hand,
 * so that of each only gRPC's own copy is left to the garbage collector. Every other part goes the
 * generated way.
 */

const DATA_TAG = 0x12 // field 2, length-delimited
const LOW_BITS = 0x7f
const MORE = 0x80
/** Shorter ones than 2^28 bytes: what a varint of four bytes holds. */
const MOST_LENGTH_BYTES = 4

export interface FilePartCodec {
  readonly serialize: (part: FilePart) => Buffer
  readonly deserialize: (bytes: Buffer) => FilePart__Output
}

/**
 * Wraps the generated functions. A message with content is to be copied before the next one is made,
 * as gRPC does; the memory of content that has memory of its own is given away.
 */
export function filePartCodec({ serialize, deserialize }: FilePartCodec): FilePartCodec {
  let room = Buffer.alloc(0)
  const written = (data: Uint8Array): Buffer => {
    noteGarbage(data.length)
    const prefix = prefixOf(data.length)
    const length = prefix.length + data.length
    if (room.length < length) room = Buffer.allocUnsafeSlow(length)
    room.set(prefix)
    room.set(data, prefix.length)
    giveAway(data)
    return room.subarray(0, length)
  }
  return {
    serialize: (part) => (part.data instanceof Uint8Array ? written(part.data) : serialize(part)),
    deserialize: (bytes) => {
      noteGarbage(bytes.length)
      const data = dataOf(bytes)
      return data ? { part: 'data', data } : deserialize(bytes)
    },
  }
}

function prefixOf(length: number): readonly number[] {
  const prefix = [DATA_TAG]
  let rest = length
  for (; rest > LOW_BITS; rest >>>= 7) prefix.push((rest & LOW_BITS) | MORE)
  prefix.push(rest)
  return prefix
}

/** Smaller ones share their memory with others. */
function giveAway({ buffer, length }: Uint8Array): void {
  const isOwned = buffer instanceof ArrayBuffer && buffer.byteLength === length
  if (isOwned && length > Buffer.poolSize) freeMemory(buffer)
}

/** The data when the message is nothing else, whatever encoder wrote it. */
function dataOf(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== DATA_TAG) return undefined
  let length = 0
  for (let at = 1; at <= MOST_LENGTH_BYTES && at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    length += (byte & LOW_BITS) << (7 * (at - 1))
    if (byte & MORE) continue
    return at + 1 + length === bytes.length ? bytes.subarray(at + 1) : undefined
  }
  return undefined
}

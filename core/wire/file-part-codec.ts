import { noteGarbage } from '../runtime/young-garbage.ts'
import type { FilePart, FilePart__Output } from './generated/holdfast/v1/FilePart.ts'

/*
 * Parts with content are nearly all bytes of files on their way: they are written and read by hand.
 * What gRPC and we copy of them is garbage that V8 does not see the size of. Every other part goes
 * the generated way.
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

/** Wraps the generated functions. */
export function filePartCodec({ serialize, deserialize }: FilePartCodec): FilePartCodec {
  return {
    serialize: (part) => (part.data instanceof Uint8Array ? written(part.data) : serialize(part)),
    deserialize: (bytes) => {
      noteGarbage(bytes.length)
      const data = dataOf(bytes)
      return data ? { part: 'data', data } : deserialize(bytes)
    },
  }
}

function written(data: Uint8Array): Buffer {
  noteGarbage(2 * data.length) // what was given, and gRPC's copy of what becomes of it
  const prefix = [DATA_TAG]
  let rest = data.length
  for (; rest > LOW_BITS; rest >>>= 7) prefix.push((rest & LOW_BITS) | MORE)
  prefix.push(rest)
  const message = Buffer.allocUnsafeSlow(prefix.length + data.length)
  message.set(prefix)
  message.set(data, prefix.length)
  return message
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

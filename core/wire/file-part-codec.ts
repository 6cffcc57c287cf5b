import { freeMemory } from '../chunk/chunk-task.ts'
import { noteGarbage } from '../runtime/young-garbage.ts'
import type { FilePart, FilePart__Output } from './generated/holdfast/v1/FilePart.ts'
import { bytesField, bytesTag, owned, writeRecordsField } from './records-field.ts'

/*
 * Parts with content are nearly all bytes of files on their way: they are written and read by hand,
 * so that of each only gRPC's own copy is left to the garbage collector. Every other part goes the
 * generated way.
 */

const DATA_TAG = bytesTag(2)
const RECORDS_TAG = bytesTag(7)
const LOW_BITS = 0x7f
const MORE = 0x80

export interface FilePartCodec {
  readonly serialize: (part: FilePart) => Buffer
  readonly deserialize: (bytes: Buffer) => FilePart__Output
}

/**
 * Wraps the generated functions. A message with content is to be copied before the next one is made,
 * as gRPC does; the memory of content that has memory of its own is given away. Records are sent with
 * FRAME_PREFIX_BYTES of room in front of them, and come without, in memory of their own.
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
    serialize: (part) => {
      if (part.data instanceof Uint8Array) return written(part.data)
      if (Buffer.isBuffer(part.records)) return writeRecordsField(RECORDS_TAG, part.records)
      return serialize(part)
    },
    deserialize: (bytes) => {
      noteGarbage(bytes.length)
      const data = bytesField(DATA_TAG, bytes)
      if (data) return { part: 'data', data }
      const records = bytesField(RECORDS_TAG, bytes)
      return records ? { part: 'records', records: owned(records) } : deserialize(bytes)
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

import { noteGarbage } from '../runtime/young-garbage.ts'
import { FRAME_PREFIX_BYTES } from './frame.ts'

/*
 * Frames with records are nearly all bytes of a transfer: they are written and read by hand, so that
 * protobuf copies none of them. Every other frame goes the generated way.
 */

const RECORDS_TAG = 0x0a // field 1, length-delimited
const MAX_RECORDS_BYTES = 2 ** 28 - 1 // what a varint of four bytes holds

export interface FrameCodec<Out, In> {
  readonly serialize: (frame: Out) => Buffer
  readonly deserialize: (bytes: Buffer) => In
}

/** Wraps the generated functions of a frame message. `Out` and `In` must fit that message. */
export function codecOf<Out extends object, In>(
  serialize: (value: never) => Buffer,
  deserialize: (bytes: Buffer) => { frame?: string },
): FrameCodec<Out, In> {
  return {
    serialize: (frame) =>
      'records' in frame && Buffer.isBuffer(frame.records)
        ? writePrefix(frame.records)
        : serialize(frame as never),
    deserialize: (bytes) => {
      noteGarbage(bytes.length)
      const records = recordsOf(bytes)
      return (records ? { records } : onlyMember(deserialize(bytes))) as In
    },
  }
}

function writePrefix(records: Buffer): Buffer {
  noteGarbage(records.length)
  const length = records.length - FRAME_PREFIX_BYTES
  if (length < 0 || length > MAX_RECORDS_BYTES)
    throw new RangeError(`a frame cannot hold ${length} bytes of records`)
  records[0] = RECORDS_TAG
  // Continuation bits on the first three bytes: always four bytes, whatever the length.
  records[1] = (length & 0x7f) | 0x80
  records[2] = ((length >>> 7) & 0x7f) | 0x80
  records[3] = ((length >>> 14) & 0x7f) | 0x80
  records[4] = (length >>> 21) & 0x7f
  return records
}

/** The records when the message is nothing else, whatever encoder wrote it. */
function recordsOf(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== RECORDS_TAG) return undefined
  let length = 0
  for (let at = 1, shift = 0; at < bytes.length && shift < 28; at++, shift += 7) {
    const byte = bytes[at] ?? 0
    length |= (byte & 0x7f) << shift
    if (byte & 0x80) continue
    const start = at + 1
    return start + length === bytes.length ? owned(bytes.subarray(start)) : undefined
  }
  return undefined
}

/** Receivers transfer the memory to their workers: it must not be a piece of a shared pool. */
function owned(view: Buffer): Buffer {
  const ownsAll = view.byteOffset <= 16 && view.byteOffset + view.length === view.buffer.byteLength
  if (ownsAll) return view
  const copy = Buffer.from(new ArrayBuffer(view.length))
  view.copy(copy)
  return copy
}

/** `{ frame: 'open', open: … }` as `{ open: … }`. */
function onlyMember(message: { frame?: string }): object {
  const member = message.frame
  if (member === undefined) throw new Error('a frame of a kind that is not known here')
  return { [member]: (message as Record<string, unknown>)[member] }
}

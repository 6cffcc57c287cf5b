import { noteGarbage } from '../runtime/young-garbage.ts'
import { FRAME_PREFIX_BYTES } from './frame.ts'

/*
 * A message that is one field of bytes and nothing else, written and read without protobuf's copies.
 */

const LOW_BITS = 0x7f
const MORE = 0x80
const MAX_BYTES = 2 ** 28 - 1 // what a varint of four bytes holds
const LENGTH_BYTES = 4

/** Tag of a length-delimited field below 16. */
export function bytesTag(field: number): number {
  return (field << 3) | 2
}

/** Writes tag and length into the room in front of the records: a message that is nothing else. */
export function writeRecordsField(tag: number, records: Buffer): Buffer {
  noteGarbage(records.length)
  const length = records.length - FRAME_PREFIX_BYTES
  if (length < 0 || length > MAX_BYTES)
    throw new RangeError(`a frame cannot hold ${length} bytes of records`)
  records[0] = tag
  // Continuation bits on the first three bytes: always four bytes, whatever the length.
  for (let at = 0; at < LENGTH_BYTES; at++)
    records[1 + at] = ((length >>> (7 * at)) & LOW_BITS) | (at < LENGTH_BYTES - 1 ? MORE : 0)
  return records
}

/** The bytes of the field when the message is nothing else, whatever encoder wrote it. */
export function bytesField(tag: number, message: Buffer): Buffer | undefined {
  if (message[0] !== tag) return undefined
  let length = 0
  for (let at = 1; at <= LENGTH_BYTES && at < message.length; at++) {
    const byte = message[at] ?? 0
    length |= (byte & LOW_BITS) << (7 * (at - 1))
    if (byte & MORE) continue
    const start = at + 1
    return start + length === message.length ? message.subarray(start) : undefined
  }
  return undefined
}

/** Receivers transfer records' memory to their workers: it must not be a piece of a shared pool. */
export function owned(view: Buffer): Buffer {
  const ownsAll = view.byteOffset <= 16 && view.byteOffset + view.length === view.buffer.byteLength
  if (ownsAll) return view
  const copy = Buffer.from(new ArrayBuffer(view.length))
  view.copy(copy)
  return copy
}

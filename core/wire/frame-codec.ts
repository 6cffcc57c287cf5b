import { noteGarbage } from '../runtime/young-garbage.ts'
import { bytesField, bytesTag, owned, writeRecordsField } from './records-field.ts'

/*
 * Frames with records are nearly all bytes of a transfer: they are written and read by hand, so that
 * protobuf copies none of them. Every other frame goes the generated way.
 */

const RECORDS_TAG = bytesTag(1)

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
        ? writeRecordsField(RECORDS_TAG, frame.records)
        : serialize(frame as never),
    deserialize: (bytes) => {
      noteGarbage(bytes.length)
      const records = bytesField(RECORDS_TAG, bytes)
      return (records ? { records: owned(records) } : onlyMember(deserialize(bytes))) as In
    },
  }
}

/** `{ frame: 'open', open: … }` as `{ open: … }`. */
function onlyMember(message: { frame?: string }): object {
  const member = message.frame
  if (member === undefined) throw new Error('a frame of a kind that is not known here')
  return { [member]: (message as Record<string, unknown>)[member] }
}

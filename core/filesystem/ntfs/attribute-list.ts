import { damaged } from '../damaged.ts'
import { fromUtf16 } from '../utf16.ts'
import { readWide } from '../wide-number.ts'
import { readReference } from './record.ts'

/** Where a part of an attribute is, for files that need more than one record. */
export interface ListedPart {
  readonly type: number
  readonly name: Buffer
  /** First cluster of the part. */
  readonly first: number
  readonly record: number
  readonly id: number
}

/** No list is larger. */
export const MAX_LIST_BYTES = 256 * 1024

export function parseAttributeList(list: Buffer): ListedPart[] {
  const parts: ListedPart[] = []
  for (let at = 0; at + 26 <= list.length;) {
    const length = list.readUInt16LE(at + 4)
    const nameAt = at + list.readUInt8(at + 7)
    const nameEnd = nameAt + list.readUInt8(at + 6) * 2
    if (length < 26 || at + length > list.length || nameEnd > at + length)
      throw damaged('ntfs: a list of attributes makes no sense')
    parts.push({
      type: list.readUInt32LE(at),
      name: fromUtf16(list.subarray(nameAt, Math.max(nameAt, nameEnd))),
      first: readWide(list, at + 8, 'ntfs: the first cluster of a part'),
      record: readReference(list, at + 16).record,
      id: list.readUInt16LE(at + 24),
    })
    at += length
  }
  return parts
}

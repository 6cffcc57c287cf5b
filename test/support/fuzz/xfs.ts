import { crc32c } from '../../../core/filesystem/crc32c.ts'
import { blocksWith, type Structure } from './structure.ts'

/** Where blocks of version 5 have their checksums, by what they begin with; others have none. */
const BLOCKS: readonly (readonly [mark: string, sum: number | undefined])[] = [
  ['XDB3', 4],
  ['XDD3', 4],
  ['BMA3', 64],
  ['XSLM', 12],
  ['XD2B', undefined],
  ['XD2D', undefined],
  ['BMAP', undefined],
]
const ATTRIBUTES: readonly (readonly [magic: number, sum: number | undefined])[] = [
  [0x3bee, 12],
  [0x3ebe, 12],
  [0xfbee, undefined],
  [0xfebe, undefined],
]
const RECORD = Buffer.from('feedbabe', 'hex').toString('latin1')

export function xfsStructures(image: Buffer): Structure[] {
  const blockBytes = image.readUInt32BE(4)
  const inodeBytes = image.readUInt16BE(104)
  const found: Structure[] = [summed('superblock', { offset: 0, length: 512 }, 224)]
  for (const offset of blocksWith(image, inodeBytes, 'IN'))
    if (image.readUInt16BE(offset + 2) !== 0)
      found.push(summed('inode', { offset, length: inodeBytes }, sumOfInode(image, offset)))
  for (const [mark, sum] of BLOCKS)
    for (const offset of blocksWith(image, blockBytes, mark))
      found.push(summed(mark, { offset, length: blockBytes }, sum))
  for (let offset = 0; offset + blockBytes <= image.length; offset += blockBytes)
    for (const [magic, sum] of ATTRIBUTES)
      if (image.readUInt16BE(offset + 8) === magic)
        found.push(summed('attributes', { offset, length: blockBytes }, sum))
  return [...found, ...records(image)]
}

function sumOfInode(image: Buffer, offset: number): number | undefined {
  return image.readUInt8(offset + 4) === 3 ? 100 : undefined
}

function summed(
  sort: string,
  place: { offset: number; length: number },
  at: number | undefined,
): Structure {
  if (at === undefined) return { sort, ...place }
  const repair = (bytes: Buffer) => {
    bytes.writeUInt32LE(0, at)
    bytes.writeUInt32LE((crc32c(0xffffffff, bytes) ^ 0xffffffff) >>> 0, at)
  }
  return { sort, ...place, repair }
}

/** Those of the log, with heads of 512 bytes for each 32 KiB. */
function* records(image: Buffer): Generator<Structure> {
  for (const offset of blocksWith(image, 512, RECORD)) {
    const data = image.readUInt32BE(offset + 12)
    const heads = Math.max(1, Math.ceil(image.readUInt32BE(offset + 320) / 32768))
    const length = Math.min(heads * 512 + data, image.length - offset)
    const repair = (record: Buffer) => repairRecord(record, heads)
    // Once for its heads and the first items, once for all.
    yield { sort: 'record head', offset, length, hot: [0, Math.min(length, 1500)], repair }
    yield { sort: 'record', offset, length, repair }
  }
}

function repairRecord(record: Buffer, heads: number): void {
  record.writeUInt32LE(0, 32)
  let sum = crc32c(0xffffffff, record.subarray(0, 328))
  const further = Math.ceil((record.length - heads * 512) / 32768)
  for (let head = 1; head < Math.min(heads, further); head++)
    sum = crc32c(sum, record.subarray(head * 512, head * 512 + 260))
  record.writeUInt32LE((crc32c(sum, record.subarray(heads * 512)) ^ 0xffffffff) >>> 0, 32)
}

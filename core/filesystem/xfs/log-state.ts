import { readChecked } from '../mapped-file.ts'
import type { XfsVolume } from './volume.ts'

const SECTOR = 512
const RECORD = 0xfeedbabe
const UNMOUNT = 0x20
/** The longest record with its heads, in sectors: where the last one begins at the latest. */
const LONGEST = 2 * 512 + 64

/**
 * Whether the log ends with the record of an unmount: then nothing in it is missing in its place.
 * The log is a ring of sectors, each of which begins with the number of the round it was written in.
 */
export async function isLogClean(volume: XfsVolume): Promise<boolean> {
  const { logStart, logBlocks, blockBytes } = volume.geometry
  const start = volume.placeOf(logStart, logBlocks)
  const sectors = (logBlocks * blockBytes) / SECTOR
  const read = (sector: number, count = 1) =>
    readChecked(volume.disk, start + (sector % sectors) * SECTOR, count * SECTOR)
  const round = async (sector: number) => roundOf(await read(sector))

  // The head is the first sector of an earlier round than the log's beginning.
  const first = await round(0)
  let low = 0
  for (let high = sectors; low < high;) {
    const middle = (low + high) >>> 1
    if ((await round(middle)) === first) low = middle + 1
    else high = middle
  }
  const head = low
  for (let back = 1; back <= Math.min(LONGEST, sectors); back++) {
    const sector = (head - back + sectors) % sectors
    const record = await read(sector)
    if (record.readUInt32BE(0) !== RECORD) continue
    const heads = Math.max(1, Math.ceil(record.readUInt32BE(320) / 32768))
    const length = heads + Math.ceil(record.readUInt32BE(12) / SECTOR)
    if (length !== back || record.readUInt32BE(40) !== 1) return false
    const operation = await read(sector + heads)
    return (operation.readUInt8(9) & UNMOUNT) !== 0
  }
  return false
}

function roundOf(sector: Buffer): number {
  const word = sector.readUInt32BE(0)
  return word === RECORD ? sector.readUInt32BE(4) : word
}

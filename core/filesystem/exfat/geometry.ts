import type { ByteReader } from '../byte-reader.ts'
import { damaged, unsupported } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'
import { readWide } from '../wide-number.ts'

/** Where the parts of an exFAT file system lie, in bytes. */
export interface ExfatGeometry {
  readonly tableOffset: number
  readonly heapOffset: number
  readonly clusterBytes: number
  readonly clusterCount: number
  readonly rootCluster: number
  readonly isDirty: boolean
  /** The first boot region is damaged; this is from the second. */
  readonly isFromBackup: boolean
}

const REGION_SECTORS = 12
const MAX_CLUSTER_SHIFT = 25

export function recognisesExfat(start: Buffer): boolean {
  return start.length >= 512 && start.toString('latin1', 3, 11) === 'EXFAT   '
}

/** From the first boot region, or from its copy where the checksum of the first is wrong. */
export async function readGeometry(disk: ByteReader): Promise<ExfatGeometry> {
  const start = await readChecked(disk, 0, 512)
  const sectorBytes = sectorBytesOf(start)
  if (await isIntact(disk, 0, sectorBytes)) return parse(start, disk.sizeBytes, false)
  // Without a sound first sector even the sector size is a guess; all of them are tried.
  for (const guess of [sectorBytes, 512, 4096, 1024, 2048])
    if (await isIntact(disk, REGION_SECTORS * guess, guess))
      return parse(await disk.read(REGION_SECTORS * guess, 512), disk.sizeBytes, true)
  throw damaged('exfat: both boot regions are damaged')
}

function sectorBytesOf(start: Buffer): number {
  const shift = start.readUInt8(108)
  return shift >= 9 && shift <= 12 ? 2 ** shift : 512
}

/** The checksum is over eleven sectors but for flags and the percentage in use. */
async function isIntact(disk: ByteReader, offset: number, sectorBytes: number): Promise<boolean> {
  if (offset + REGION_SECTORS * sectorBytes > disk.sizeBytes) return false
  const region = await disk.read(offset, REGION_SECTORS * sectorBytes)
  if (!recognisesExfat(region) || sectorBytesOf(region) !== sectorBytes) return false
  let sum = 0
  for (let at = 0; at < 11 * sectorBytes; at++) {
    if (at === 106 || at === 107 || at === 112) continue
    sum = (((sum & 1) << 31) + (sum >>> 1) + region.readUInt8(at)) >>> 0
  }
  return region.readUInt32LE(11 * sectorBytes) === sum
}

function parse(start: Buffer, sizeBytes: number, isFromBackup: boolean): ExfatGeometry {
  const sectorBytes = sectorBytesOf(start)
  const clusterShift = start.readUInt8(108) + start.readUInt8(109)
  if (clusterShift > MAX_CLUSTER_SHIFT) throw damaged(`exfat: clusters of 2^${clusterShift} bytes`)
  if (start.readUInt8(105) !== 1)
    throw unsupported(`exfat: version ${start.readUInt8(105)} is not known`)
  const clusterBytes = 2 ** clusterShift
  const flags = start.readUInt16LE(106)
  const tableBytes = start.readUInt32LE(84) * sectorBytes
  const heapOffset = start.readUInt32LE(88) * sectorBytes
  const volumeBytes = readWide(start, 72, 'exfat: the number of sectors') * sectorBytes
  const room = Math.floor((volumeBytes - heapOffset) / clusterBytes)
  const clusterCount = Math.min(start.readUInt32LE(92), tableBytes / 4 - 2, room)
  if (clusterCount < 1 || heapOffset >= sizeBytes)
    throw damaged('exfat: the boot sector leaves no room for files')
  const second = (flags & 1) === 1 && start.readUInt8(110) === 2 ? tableBytes : 0
  return {
    tableOffset: start.readUInt32LE(80) * sectorBytes + second,
    heapOffset,
    clusterBytes,
    clusterCount,
    rootCluster: start.readUInt32LE(96),
    isDirty: (flags & 2) !== 0,
    isFromBackup,
  }
}

import { damaged } from '../damaged.ts'
import { readWide } from '../wide-number.ts'

/** Sizes and places of an NTFS volume, in bytes. */
export interface NtfsGeometry {
  readonly sectorBytes: number
  readonly clusterBytes: number
  readonly clusterCount: number
  readonly recordBytes: number
  readonly tableOffset: number
  readonly mirrorOffset: number
}

export function recognisesNtfs(start: Buffer): boolean {
  return start.length >= 512 && start.toString('latin1', 3, 11) === 'NTFS    '
}

export function parseBootSector(start: Buffer): NtfsGeometry {
  if (!recognisesNtfs(start)) throw damaged('ntfs: the first sector is not one of NTFS')
  const sectorBytes = start.readUInt16LE(11)
  const perCluster = start.readUInt8(13)
  // Above 128 the byte is a negative power of two: clusters of up to 2 MiB.
  const clusterBytes = sectorBytes * (perCluster > 128 ? 2 ** (256 - perCluster) : perCluster)
  const recordSize = start.readInt8(64)
  const recordBytes = recordSize < 0 ? 2 ** -recordSize : recordSize * clusterBytes
  if (!isPowerOfTwo(sectorBytes, 256, 4096) || !isPowerOfTwo(clusterBytes, 256, 2 ** 21))
    throw damaged(`ntfs: sectors of ${sectorBytes} and clusters of ${clusterBytes} bytes`)
  if (!isPowerOfTwo(recordBytes, 512, 65536))
    throw damaged(`ntfs: records of ${recordBytes} bytes in the file table`)
  const sectors = readWide(start, 40, 'ntfs: the number of sectors')
  return {
    sectorBytes,
    clusterBytes,
    clusterCount: Math.floor((sectors * sectorBytes) / clusterBytes),
    recordBytes,
    tableOffset: readWide(start, 48, 'ntfs: the place of the file table') * clusterBytes,
    mirrorOffset: readWide(start, 56, 'ntfs: the place of the mirror') * clusterBytes,
  }
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0
}

import { damaged, unsupported } from '../damaged.ts'

/** Where the parts of a FAT file system lie, in bytes. */
export interface FatGeometry {
  readonly kind: 'fat12' | 'fat16' | 'fat32'
  readonly bits: 12 | 16 | 32
  readonly clusterBytes: number
  /** Clusters are numbered from 2 to `clusterCount` + 1. */
  readonly clusterCount: number
  readonly tableOffset: number
  readonly tableBytes: number
  /** Of FAT12 and FAT16, whose root is no chain. */
  readonly rootOffset: number
  readonly rootBytes: number
  /** Of FAT32; 0 else. */
  readonly rootCluster: number
  readonly heapOffset: number
  readonly label: string
}

/** `start` is the first sector. Figures that no FAT has are enough to say no. */
export function recognisesFat(start: Buffer): boolean {
  if (start.length < 512 || (start[0] !== 0xeb && start[0] !== 0xe9)) return false
  const media = start.readUInt8(21)
  const tables = start.readUInt8(16)
  return (
    isPowerOfTwo(start.readUInt16LE(11), 512, 4096) &&
    isPowerOfTwo(start.readUInt8(13), 1, 128) &&
    start.readUInt16LE(14) > 0 &&
    tables > 0 &&
    tables <= 4 &&
    (media === 0xf0 || media >= 0xf8) &&
    (start.readUInt16LE(22) > 0 || start.readUInt32LE(36) > 0) &&
    (start.readUInt16LE(19) > 0 || start.readUInt32LE(32) > 0)
  )
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0
}

export function readGeometry(start: Buffer, sizeBytes: number): FatGeometry {
  if (!recognisesFat(start)) throw damaged('fat: the first sector describes no FAT file system')
  const sectorBytes = start.readUInt16LE(11)
  const clusterBytes = sectorBytes * start.readUInt8(13)
  const shortTable = start.readUInt16LE(22)
  const isWide = shortTable === 0
  const tableBytes = (isWide ? start.readUInt32LE(36) : shortTable) * sectorBytes
  const tables = start.readUInt16LE(14) * sectorBytes
  const rootOffset = tables + start.readUInt8(16) * tableBytes
  const rootBytes = start.readUInt16LE(17) * 32
  const heapOffset = rootOffset + Math.ceil(rootBytes / sectorBytes) * sectorBytes
  const volumeBytes = (start.readUInt16LE(19) || start.readUInt32LE(32)) * sectorBytes
  const clusters = Math.floor((volumeBytes - heapOffset) / clusterBytes)
  if (clusters < 1 || heapOffset > sizeBytes)
    throw damaged('fat: the first sector leaves no room for files')
  const bits = isWide ? 32 : clusters < 4085 ? 12 : 16
  const clusterCount = Math.min(clusters, Math.floor((tableBytes * 8) / bits) - 2)
  const rootCluster = isWide ? start.readUInt32LE(44) : 0
  if (isWide && start.readUInt16LE(42) !== 0)
    throw unsupported(`fat32: version ${start.readUInt16LE(42)} is not known`)
  return {
    kind: `fat${bits}`,
    bits,
    clusterBytes,
    clusterCount,
    tableOffset: tables + activeTable(start, isWide) * tableBytes,
    tableBytes,
    rootOffset,
    rootBytes,
    rootCluster,
    heapOffset,
    label: bootLabel(start, isWide),
  }
}

/** FAT32 can keep one table only, and say which. */
function activeTable(start: Buffer, isWide: boolean): number {
  const flags = isWide ? start.readUInt16LE(40) : 0
  const table = (flags & 0x80) === 0 ? 0 : flags & 0x0f
  return table < start.readUInt8(16) ? table : 0
}

function bootLabel(start: Buffer, isWide: boolean): string {
  const base = isWide ? 64 : 36
  if (start[base + 2] !== 0x29) return ''
  const label = start.toString('latin1', base + 7, base + 18).trimEnd()
  return label === 'NO NAME' ? '' : label
}

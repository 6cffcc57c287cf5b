import type { ByteReader } from '../byte-reader.ts'
import { damaged, unsupported } from '../damaged.ts'
import type { GuestFile } from '../file-system.ts'
import { heldFile, mappedFile, type Mapping } from '../mapped-file.ts'
import { readWide } from '../wide-number.ts'
import type { NtfsGeometry } from './boot-sector.ts'
import { compressedFile } from './compressed.ts'
import { residentValue, type AttributePart } from './record.ts'
import { RunMap, type LazyPart } from './run-map.ts'

const COMPRESSION = 0x00ff
const LZNT1 = 0x0001
const ENCRYPTED = 0x4000
const MAX_UNIT_BYTES = 2 ** 20

/** What is left of a whole attribute's sizes when it lies outside of its record. */
export interface Sizes {
  readonly sizeBytes: number
  /** Behind it zeros, whatever lies on the disk. */
  readonly validBytes: number
}

/** From the part that has the attribute's first cluster. */
export function sizesOf(part: AttributePart): Sizes {
  if (part.isResident) {
    const sizeBytes = residentValue(part).length
    return { sizeBytes, validBytes: sizeBytes }
  }
  const sizeBytes = readWide(part.bytes, 48, 'ntfs: the size of a file')
  const valid = readWide(part.bytes, 56, 'ntfs: the valid size of a file')
  return { sizeBytes, validBytes: Math.min(valid, sizeBytes) }
}

export function isEncrypted(part: AttributePart): boolean {
  return (part.flags & ENCRYPTED) !== 0
}

/** The content of an attribute, which is a file's, a stream's or a structure of NTFS itself. */
export async function openAttribute(
  disk: ByteReader,
  geometry: NtfsGeometry,
  parts: readonly LazyPart[],
): Promise<GuestFile> {
  const first = await parts[0]?.load()
  if (!first) throw damaged('ntfs: an attribute has no beginning')
  if (isEncrypted(first)) throw unsupported('ntfs: the file is encrypted (EFS)')
  if (first.isResident) return heldFile(residentValue(first))
  const map = new RunMap(parts, geometry.clusterCount)
  const sizes = sizesOf(first)
  const method = first.flags & COMPRESSION
  if (method === 0) return mappedFile(disk, clusterMapping(map, geometry.clusterBytes, sizes))
  if (method !== LZNT1) throw unsupported(`ntfs: compression method ${method} is not known`)
  const unitClusters = 2 ** Math.min(first.bytes.readUInt8(34), 31)
  if (unitClusters * geometry.clusterBytes > MAX_UNIT_BYTES)
    throw damaged(`ntfs: compressed in units of ${unitClusters} clusters`)
  return compressedFile(disk, map, { ...sizes, unitClusters, clusterBytes: geometry.clusterBytes })
}

export function clusterMapping(map: RunMap, clusterBytes: number, sizes: Sizes): Mapping {
  const { sizeBytes, validBytes } = sizes
  return {
    sizeBytes,
    async locate(offset) {
      if (offset >= validBytes) return { place: null, length: sizeBytes - offset }
      const run = await map.at(Math.floor(offset / clusterBytes))
      const within = offset - run.at * clusterBytes
      const length = run.count * clusterBytes - within
      if (run.cluster === null) return { place: null, length }
      const place = run.cluster * clusterBytes + within
      return { place, length: Math.min(length, validBytes - offset) }
    },
  }
}

import { crc32c } from '../../../core/filesystem/crc32c.ts'
import type { Structure } from './structure.ts'

const SUPERBLOCK = 65536
const CHECKSUM_BYTES = 32

export function btrfsStructures(image: Buffer): Structure[] {
  const superblock = image.subarray(SUPERBLOCK)
  const nodeBytes = superblock.readUInt32LE(0x94)
  const system = superblock.subarray(0x20, 0x30)
  const found: Structure[] = [{ sort: 'superblock', offset: SUPERBLOCK, length: 4096, repair }]
  for (let offset = SUPERBLOCK * 2; offset + nodeBytes <= image.length; offset += 4096)
    if (
      image.subarray(offset + 0x20, offset + 0x30).equals(system) &&
      isNode(image, offset, nodeBytes)
    )
      found.push({ sort: sortOf(image, offset), offset, length: nodeBytes, repair })
  return found
}

/** By their tree: few of them are of the log or of chunks. */
function sortOf(image: Buffer, offset: number): string {
  return `node of tree ${image.readBigInt64LE(offset + 88)}`
}

/** Old nodes are still there: those count whose checksum is right. */
function isNode(image: Buffer, offset: number, length: number): boolean {
  return sumOf(image.subarray(offset, offset + length)) === image.readUInt32LE(offset)
}

function repair(bytes: Buffer): void {
  bytes.writeUInt32LE(sumOf(bytes), 0)
}

function sumOf(bytes: Buffer): number {
  return (crc32c(0xffffffff, bytes.subarray(CHECKSUM_BYTES)) ^ 0xffffffff) >>> 0
}

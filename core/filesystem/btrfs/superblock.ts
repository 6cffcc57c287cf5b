import type { ByteReader } from '../byte-reader.ts'
import { damaged, unsupported } from '../damaged.ts'
import { readWide } from '../wide-number.ts'
import { checksumOf, type Checksum } from './checksum.ts'

/** Where a tree begins. */
export interface TreeRoot {
  /** Logical address, as all addresses of btrfs but those of stripes. */
  readonly at: number
  readonly level: number
  readonly generation: bigint
}

export interface Superblock {
  readonly checksum: Checksum
  /** Stands in each block of metadata. */
  readonly metadataId: Buffer
  readonly generation: bigint
  readonly roots: TreeRoot
  readonly chunks: TreeRoot
  /** Changes that were synced since the last commit; undefined where there are none. */
  readonly log: TreeRoot | undefined
  readonly sectorBytes: number
  readonly nodeBytes: number
  readonly totalBytes: number
  /** Of the device that this is. */
  readonly device: bigint
  readonly label: string
  /** Where the tree of chunks lies: keys and chunks, one behind the other. */
  readonly firstChunks: Buffer
}

export const SUPERBLOCK_BYTES = 4096
/** The first, and its copies. */
const PLACES = [64 * 2 ** 10, 64 * 2 ** 20, 256 * 2 ** 30]
const MAGIC = '_BHRfS_M'
/** All but the last is known and changes nothing that cannot be seen in a chunk. */
const KNOWN_INCOMPATIBLE = 0x10fffn
const NAMED_INCOMPATIBLE: readonly (readonly [bigint, string])[] = [
  [0x1000n, 'zoned devices'],
  [0x2000n, 'the second version of the extent tree'],
  [0x4000n, 'the tree of RAID stripes'],
]
const SEPARATE_METADATA_ID = 0x400n

/** The first superblock or, where that is damaged, the newest of its copies. */
export async function readSuperblock(disk: ByteReader, warnings: string[]): Promise<Superblock> {
  const found = await soundBlocks(disk)
  const first = found.find(({ place }) => place === PLACES[0])
  if (first) return parse(first.bytes)
  const age = ({ bytes }: { bytes: Buffer }) => Number(bytes.readBigUInt64LE(72))
  const newest = found.sort((a, b) => age(b) - age(a))[0]?.bytes
  if (!newest) throw damaged('btrfs: the superblock and all its copies are damaged')
  warnings.push('btrfs: the superblock is damaged; a copy of it is used')
  return parse(newest)
}

/** For disks whose beginning was overwritten. */
export async function hasSuperblockCopy(disk: ByteReader): Promise<boolean> {
  try {
    return (await soundBlocks(disk)).length > 0
  } catch {
    return false // of a kind that cannot be checked: its first one will have been seen
  }
}

async function soundBlocks(disk: ByteReader): Promise<{ place: number; bytes: Buffer }[]> {
  const found: { place: number; bytes: Buffer }[] = []
  for (const place of PLACES) {
    if (place + SUPERBLOCK_BYTES > disk.sizeBytes) continue
    const bytes = await disk.read(place, SUPERBLOCK_BYTES)
    if (isSound(bytes, place)) found.push({ place, bytes })
    // Copies are of interest where the first one is of no use.
    if (found.length > 0 && place === PLACES[0]) return found
  }
  return found
}

function isSound(bytes: Buffer, place: number): boolean {
  if (bytes.toString('latin1', 64, 72) !== MAGIC) return false
  const checksum = checksumOf(bytes.readUInt16LE(196))
  return (
    checksum.of(bytes.subarray(32)).equals(bytes.subarray(0, checksum.bytes)) &&
    bytes.readBigUInt64LE(48) === BigInt(place)
  )
}

function parse(bytes: Buffer): Superblock {
  const incompatible = bytes.readBigUInt64LE(188)
  const named = NAMED_INCOMPATIBLE.find(([bit]) => (incompatible & bit) !== 0n)
  if (named) throw unsupported(`btrfs: ${named[1]} cannot be read here`)
  if ((incompatible & ~KNOWN_INCOMPATIBLE) !== 0n)
    throw unsupported(`btrfs: features 0x${incompatible.toString(16)} are not all known`)
  const devices = bytes.readBigUInt64LE(136)
  if (devices !== 1n)
    throw unsupported(
      `btrfs: the file system spreads over ${devices} devices, which cannot be read here`,
    )
  const generation = bytes.readBigUInt64LE(72)
  const root = (at: number, level: number, of: bigint): TreeRoot => {
    return {
      at: readWide(bytes, at, 'btrfs: a root'),
      level: bytes.readUInt8(level),
      generation: of,
    }
  }
  const log = root(96, 200, generation + 1n)
  const chunkBytes = bytes.readUInt32LE(160)
  const block: Superblock = {
    checksum: checksumOf(bytes.readUInt16LE(196)),
    metadataId: Buffer.from(
      (incompatible & SEPARATE_METADATA_ID) !== 0n
        ? bytes.subarray(571, 587)
        : bytes.subarray(32, 48),
    ),
    generation,
    roots: root(80, 198, generation),
    chunks: root(88, 199, bytes.readBigUInt64LE(164)),
    log: log.at === 0 ? undefined : log,
    sectorBytes: bytes.readUInt32LE(144),
    nodeBytes: bytes.readUInt32LE(148),
    totalBytes: readWide(bytes, 112, 'btrfs: the size'),
    device: bytes.readBigUInt64LE(201),
    label: bytes.toString('utf8', 299, 555).replace(/\0.*$/s, ''),
    firstChunks: Buffer.from(bytes.subarray(811, 811 + Math.min(chunkBytes, 2048))),
  }
  requireShape(block)
  return block
}

function requireShape({ sectorBytes, nodeBytes }: Superblock): void {
  const isPower = (value: number) => value >= 4096 && value <= 65536 && (value & (value - 1)) === 0
  const isSound = isPower(sectorBytes) && isPower(nodeBytes) && nodeBytes >= sectorBytes
  if (!isSound) throw damaged('btrfs: the sizes in the superblock make no sense')
}

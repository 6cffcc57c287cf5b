import { hasSuperblockCopy } from './btrfs/superblock.ts'
import type { ByteReader } from './byte-reader.ts'

/** What a partition or an undivided disk holds, by its magic numbers. */
export type ContentKind = (typeof SIGNATURES)[number][0] | WithoutSignature

/** Known by their shape, or by the type of their partition (partition-content.ts). */
type WithoutSignature =
  'fat' | 'ldm' | 'storage-spaces' | 'boot-loader' | 'reserved' | 'empty' | 'unknown'

type Signature = readonly [kind: string, offset: number, bytes: Buffer]

function text(value: string): Buffer {
  return Buffer.from(value, 'latin1')
}

function hex(value: string): Buffer {
  return Buffer.from(value, 'hex')
}

/** Containers before what they may contain: the first that fits counts. */
const SIGNATURES = [
  ['luks1', 0, text('LUKS\xba\xbe\0\x01')],
  ['luks2', 0, text('LUKS\xba\xbe\0\x02')],
  ['luks', 0, text('LUKS\xba\xbe')],
  ['luks', 0, text('SKUL\xba\xbe')],
  ['bitlocker', 3, text('-FVE-FS-')],
  ['bitlocker', 160, hex('3bd667492e29d84a8399f6a339e3d001')],
  ['lvm2', 0, text('LABELONE')],
  ['lvm2', 512, text('LABELONE')],
  ['lvm2', 1024, text('LABELONE')],
  ['lvm2', 1536, text('LABELONE')],
  ['md', 4096, hex('fc4e2ba9')],
  ['md', 0, hex('fc4e2ba9')],
  ['bcache', 4096 + 24, hex('c68573f64e1a45ca8265f57f48ba6d81')],
  ['bcachefs', 4096 + 24, hex('c68573f666ce90a9d96a60cf803df7ef')],
  // The list of properties in the first label of a ZFS pool, of either byte order.
  ['zfs', 16384, hex('010100000000000000000001')],
  ['zfs', 16384, hex('010000000000000000000001')],
  ['ntfs', 3, text('NTFS    ')],
  ['exfat', 3, text('EXFAT   ')],
  ['refs', 3, text('ReFS\0\0\0\0')],
  ['xfs', 0, text('XFSB')],
  ['ext', 1024 + 56, hex('53ef')],
  ['btrfs', 65536 + 64, text('_BHRfS_M')],
  ['f2fs', 1024, hex('1020f5f2')],
  ['erofs', 1024, hex('e2e1f5e0')],
  ['squashfs', 0, text('hsqs')],
  ['hfsplus', 1024, text('H+')],
  ['apfs', 32, text('NXSB')],
  ['iso9660', 32769, text('CD001')],
  ['swap', 4096 - 10, text('SWAPSPACE2')],
  ['swap', 8192 - 10, text('SWAPSPACE2')],
  ['swap', 16384 - 10, text('SWAPSPACE2')],
  ['swap', 65536 - 10, text('SWAPSPACE2')],
  ['swap', 4096 - 10, text('SWAP-SPACE')],
] as const satisfies readonly Signature[]

const HEAD_BYTES = 72 * 1024

export async function probe(disk: ByteReader): Promise<ContentKind> {
  const head = await disk.read(0, Math.min(HEAD_BYTES, disk.sizeBytes))
  const found = SIGNATURES.find(([, offset, bytes]) => holds(head, offset, bytes))
  // Older superblocks of RAID lie at the end: before them, a member looks like what it holds.
  if (await isOldRaid(disk)) return 'md'
  if (found) return found[0]
  if (head.length >= 512 && isFat(head)) return 'fat'
  if (await hasSuperblockCopy(disk)) return 'btrfs'
  return head.every((byte) => byte === 0) ? 'empty' : 'unknown'
}

function holds(head: Buffer, offset: number, bytes: Buffer): boolean {
  return head.subarray(offset, offset + bytes.length).equals(bytes)
}

/** Looks like the first sector of NTFS, exFAT, FAT and the like, and so not like an MBR. */
export function isBootSector(sector: Buffer): boolean {
  const names = ['NTFS    ', 'EXFAT   ', 'ReFS\0\0\0\0', '-FVE-FS-']
  return names.includes(sector.toString('latin1', 3, 11)) || isFat(sector)
}

function isFat(sector: Buffer): boolean {
  const sectorBytes = sector.readUInt16LE(11)
  const clusterSectors = sector[13]!
  const isShaped =
    sector.readUInt16LE(510) === 0xaa55 &&
    [512, 1024, 2048, 4096].includes(sectorBytes) &&
    clusterSectors > 0 &&
    (clusterSectors & (clusterSectors - 1)) === 0 &&
    sector.readUInt16LE(14) > 0 &&
    (sector[16] === 1 || sector[16] === 2) &&
    (sector[21] === 0xf0 || sector[21]! >= 0xf8)
  return isShaped && (sector[0] === 0xeb || sector[0] === 0xe9)
}

async function isOldRaid(disk: ByteReader): Promise<boolean> {
  const sectors = Math.floor(disk.sizeBytes / 512)
  const v10 = Math.floor((sectors - 16) / 8) * 8 * 512
  const v09 = Math.floor(disk.sizeBytes / 65536) * 65536 - 65536
  for (const offset of [v10, v09]) {
    if (offset < HEAD_BYTES) continue
    const magic = await disk.read(offset, 4)
    if (magic.equals(hex('fc4e2ba9'))) return true
  }
  return false
}

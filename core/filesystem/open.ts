import type { ByteReader } from './byte-reader.ts'
import { openBtrfs } from './btrfs/btrfs-file-system.ts'
import { unsupported } from './damaged.ts'
import { openExfat } from './exfat/exfat-file-system.ts'
import { openExt } from './ext/ext-file-system.ts'
import { openFat } from './fat/fat-file-system.ts'
import type { GuestFileSystem } from './file-system.ts'
import { openNtfs } from './ntfs/open.ts'
import type { ContentKind } from './probe.ts'
import { openXfs } from './xfs/xfs-file-system.ts'

type Open = (disk: ByteReader) => Promise<GuestFileSystem>

/** A further file system is a reader and a line here. */
const READERS: Partial<Record<ContentKind, Open>> = {
  ext: openExt,
  ntfs: openNtfs,
  fat: openFat,
  exfat: openExfat,
  xfs: openXfs,
  btrfs: openBtrfs,
}

/** What people call it: for lists, and for the message that refuses it. */
const NAMES: Record<ContentKind, string> = {
  ext: 'ext',
  ntfs: 'NTFS',
  fat: 'FAT',
  exfat: 'exFAT',
  xfs: 'XFS',
  btrfs: 'btrfs',
  swap: 'swap space, which holds no files',
  lvm2: 'an LVM2 physical volume',
  luks1: 'an encrypted LUKS1 volume',
  luks2: 'an encrypted LUKS2 volume',
  luks: 'an encrypted LUKS volume',
  bitlocker: 'an encrypted BitLocker volume',
  md: 'a member of a Linux software RAID',
  zfs: 'a part of a ZFS pool',
  ldm: 'a part of a dynamic disk of Windows (LDM)',
  'storage-spaces': 'a part of a pool of Storage Spaces',
  'boot-loader': 'the code of a boot loader, and no files',
  reserved: 'space that Windows reserves, and no files',
  bcache: 'a bcache device',
  bcachefs: 'bcachefs',
  refs: 'ReFS',
  f2fs: 'F2FS',
  erofs: 'EROFS',
  squashfs: 'SquashFS',
  hfsplus: 'HFS+',
  apfs: 'APFS',
  iso9660: 'ISO 9660',
  empty: 'nothing but zeros at its beginning',
  unknown: 'nothing that is known here',
}

export function isReadable(kind: ContentKind): boolean {
  return READERS[kind] !== undefined
}

export function contentName(kind: ContentKind): string {
  return NAMES[kind]
}

/** `where` names the disk and the partition, for messages. */
export async function openFileSystem(
  disk: ByteReader,
  kind: ContentKind,
  where: string,
): Promise<GuestFileSystem> {
  const open = READERS[kind]
  if (!open) throw unsupported(`${where} holds ${NAMES[kind]}: its files cannot be read here`)
  return open(disk)
}

import { openBtrfs } from '../../../core/filesystem/btrfs/btrfs-file-system.ts'
import type { ByteReader } from '../../../core/filesystem/byte-reader.ts'
import { openExfat } from '../../../core/filesystem/exfat/exfat-file-system.ts'
import { openExt } from '../../../core/filesystem/ext/ext-file-system.ts'
import { openFat } from '../../../core/filesystem/fat/fat-file-system.ts'
import type { GuestFileSystem } from '../../../core/filesystem/file-system.ts'
import { openNtfs } from '../../../core/filesystem/ntfs/open.ts'
import { openXfs } from '../../../core/filesystem/xfs/xfs-file-system.ts'
import { btrfsStructures } from './btrfs.ts'
import { exfatStructures } from './exfat.ts'
import { extStructures } from './ext.ts'
import { fatStructures } from './fat.ts'
import { ntfsStructures } from './ntfs.ts'
import type { Structure } from './structure.ts'
import { xfsStructures } from './xfs.ts'

export interface FuzzKind {
  readonly open: (disk: ByteReader) => Promise<GuestFileSystem>
  readonly structures: (image: Buffer) => readonly Structure[]
}

/** A further reader is a line here, its structures, and images of it (fuzz-images.ts). */
export const FUZZ_KINDS = {
  ext: { open: openExt, structures: extStructures },
  xfs: { open: openXfs, structures: xfsStructures },
  btrfs: { open: openBtrfs, structures: btrfsStructures },
  ntfs: { open: openNtfs, structures: ntfsStructures },
  fat: { open: openFat, structures: fatStructures },
  exfat: { open: openExfat, structures: exfatStructures },
} as const satisfies Record<string, FuzzKind>

export type FuzzKindName = keyof typeof FUZZ_KINDS

/** An image to be mutated, as workers are told of it. */
export interface FuzzTarget {
  readonly name: string
  readonly kind: FuzzKindName
  readonly image: string
}

import { damaged } from '../damaged.ts'
import type { GuestStatus, GuestTime, GuestType, NodeId } from '../file-system.ts'
import { readWide } from '../wide-number.ts'
import { ITEM, type Key } from './key.ts'
import { findItem } from './tree.ts'
import type { Subvolume } from './subvolumes.ts'

export interface Inode {
  readonly subvolume: Subvolume
  readonly number: bigint
  readonly status: GuestStatus
  /** Its content was written without checksums. */
  readonly isUnchecked: boolean
}

export const INODE_BYTES = 160
const NO_CHECKSUMS = 0x1n

const TYPES: Readonly<Record<number, GuestType>> = {
  0o01: 'fifo',
  0o02: 'character-device',
  0o04: 'folder',
  0o06: 'block-device',
  0o10: 'file',
  0o12: 'link',
  0o14: 'socket',
}

export function inodeKey(number: bigint): Key {
  return { id: number, type: ITEM.inode, offset: 0n }
}

export async function readInode(subvolume: Subvolume, number: bigint): Promise<Inode> {
  const bytes = await findItem(subvolume.items, inodeKey(number))
  const id = `${subvolume.id}.${number}`
  if (!bytes) throw damaged(`btrfs: there is no inode ${id}`)
  if (bytes.length < INODE_BYTES) throw damaged(`btrfs: inode ${id} is cut off`)
  return {
    subvolume,
    number,
    status: parseStatus(id, bytes),
    isUnchecked: (bytes.readBigUInt64LE(64) & NO_CHECKSUMS) !== 0n,
  }
}

function parseStatus(id: NodeId, bytes: Buffer): GuestStatus {
  const mode = bytes.readUInt32LE(52)
  const type = TYPES[mode >>> 12] ?? 'other'
  const hasContent = type === 'file' || type === 'link'
  const device = bytes.readBigUInt64LE(56)
  const isDevice = type === 'character-device' || type === 'block-device'
  return {
    id,
    type,
    sizeBytes: hasContent ? readWide(bytes, 16, `btrfs: the size of inode ${id}`) : 0,
    mode: mode & 0o7777,
    owner: { uid: bytes.readUInt32LE(44), gid: bytes.readUInt32LE(48) },
    links: bytes.readUInt32LE(40),
    accessedAt: time(bytes, 112),
    changedAt: time(bytes, 124),
    modifiedAt: time(bytes, 136),
    createdAt: time(bytes, 148),
    device: isDevice
      ? { major: Number((device >> 20n) & 0xfffn), minor: Number(device & 0xfffffn) }
      : null,
    encrypted: false,
  }
}

function time(bytes: Buffer, at: number): GuestTime {
  return bytes.readBigInt64LE(at) * 1_000_000_000n + BigInt(bytes.readUInt32LE(at + 8))
}

/** What the kernel shows where a subvolume was when a snapshot was made of the one around it. */
export function emptyFolder(id: NodeId): GuestStatus {
  return {
    ...{ id, type: 'folder', sizeBytes: 0, mode: 0o755, owner: { uid: 0, gid: 0 }, links: 1 },
    ...{ accessedAt: null, changedAt: null, modifiedAt: null, createdAt: null },
    ...{ device: null, encrypted: false },
  }
}

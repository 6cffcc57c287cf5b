import { damaged } from '../damaged.ts'
import type { GuestStatus, GuestTime, GuestType } from '../file-system.ts'
import { hasSoundChecksum } from './superblock.ts'
import type { XfsVolume } from './volume.ts'

/** How a fork keeps what it has. */
export type ForkFormat = 'device' | 'local' | 'extents' | 'tree'

/** The content of a file, or its attributes. */
export interface Fork {
  readonly format: ForkFormat
  readonly bytes: Buffer
  /** Of format `extents`. */
  readonly extents: number
}

export interface Inode {
  readonly number: bigint
  readonly status: GuestStatus
  readonly data: Fork
  readonly attributes: Fork | undefined
  readonly isRealtime: boolean
}

const TYPES: ReadonlyMap<number, GuestType> = new Map([
  [0x1, 'fifo'],
  [0x2, 'character-device'],
  [0x4, 'folder'],
  [0x6, 'block-device'],
  [0x8, 'file'],
  [0xa, 'link'],
  [0xc, 'socket'],
])
const FORMATS: readonly ForkFormat[] = ['device', 'local', 'extents', 'tree']
const REALTIME = 1
const BIG_TIME = 1n << 3n
const BIG_COUNTS = 1n << 4n

export async function readInode(volume: XfsVolume, number: bigint): Promise<Inode> {
  const bytes = await volume.readInode(number)
  const where = `xfs: inode ${number}`
  const version = bytes.readUInt8(4)
  if (bytes.readUInt16BE(0) !== 0x494e || version < 1 || version > 3)
    throw damaged(`${where} is none`)
  const isNew = version === 3
  if (isNew && (bytes.readBigUInt64BE(152) !== number || !hasSoundChecksum(bytes, 100)))
    throw damaged(`${where} is damaged (checksum)`)
  const type = TYPES.get(bytes.readUInt16BE(2) >> 12)
  if (!type) throw damaged(`${where} is not in use`)
  const flags2 = isNew ? bytes.readBigUInt64BE(120) : 0n
  return {
    number,
    status: statusOf(bytes, number, type, isNew && (flags2 & BIG_TIME) !== 0n),
    ...forksOf(bytes, isNew ? 176 : 100, (flags2 & BIG_COUNTS) !== 0n, where),
    isRealtime: (bytes.readUInt16BE(90) & REALTIME) !== 0,
  }
}

function forksOf(bytes: Buffer, core: number, hasBigCounts: boolean, where: string) {
  const forkOffset = bytes.readUInt8(82) * 8
  const split = forkOffset === 0 ? bytes.length : core + forkOffset
  const format = FORMATS[bytes.readUInt8(5)]
  const attributeFormat = FORMATS[bytes.readUInt8(83)]
  if (!format || split > bytes.length || (forkOffset > 0 && !attributeFormat))
    throw damaged(`${where} has a content of unknown form`)
  const data: Fork = {
    format,
    bytes: bytes.subarray(core, split),
    extents: hasBigCounts ? Number(bytes.readBigUInt64BE(24)) : bytes.readUInt32BE(76),
  }
  if (forkOffset === 0 || !attributeFormat) return { data, attributes: undefined }
  const attributes: Fork = {
    format: attributeFormat,
    bytes: bytes.subarray(split),
    extents: hasBigCounts ? bytes.readUInt32BE(76) : bytes.readUInt16BE(80),
  }
  return { data, attributes }
}

function statusOf(bytes: Buffer, number: bigint, type: GuestType, isBig: boolean): GuestStatus {
  const size = bytes.readBigUInt64BE(56)
  if (size > BigInt(Number.MAX_SAFE_INTEGER))
    throw damaged(`xfs: inode ${number} has ${size} bytes`)
  const isDevice = type === 'character-device' || type === 'block-device'
  return {
    id: String(number),
    type,
    sizeBytes: type === 'file' || type === 'link' ? Number(size) : 0,
    mode: bytes.readUInt16BE(2) & 0o7777,
    owner: { uid: bytes.readUInt32BE(8), gid: bytes.readUInt32BE(12) },
    links: bytes[4] === 1 ? bytes.readUInt16BE(6) : bytes.readUInt32BE(16),
    accessedAt: timeOf(bytes, 32, isBig),
    modifiedAt: timeOf(bytes, 40, isBig),
    changedAt: timeOf(bytes, 48, isBig),
    createdAt: bytes[4] === 3 ? timeOf(bytes, 144, isBig) : null,
    device: isDevice ? deviceOf(bytes.readUInt32BE(bytes[4] === 3 ? 176 : 100)) : null,
    encrypted: false,
  }
}

/** Of big times the zero is at the earliest time that the others have: 2^31 s before 1970. */
function timeOf(bytes: Buffer, at: number, isBig: boolean): GuestTime {
  if (isBig) return bytes.readBigUInt64BE(at) - 2n ** 31n * 1_000_000_000n
  return BigInt(bytes.readInt32BE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32BE(at + 4))
}

function deviceOf(value: number): { major: number; minor: number } {
  return { major: value >>> 18, minor: value & 0x3ffff }
}

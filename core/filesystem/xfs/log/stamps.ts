import { crc32c, uint32le } from '../../crc32c.ts'

/*
 * Of version 5, structures say themselves when they were written last (the LSN), for which file
 * system, and with which checksum: at places that depend on what they are.
 */

export interface Stamps {
  readonly lsn: number
  readonly uuid: number
  readonly checksum: number
}

const SHORT_TREE: Stamps = { lsn: 24, uuid: 32, checksum: 52 }
const LONG_TREE: Stamps = { lsn: 32, uuid: 40, checksum: 64 }
const FOLDER: Stamps = { lsn: 16, uuid: 24, checksum: 4 }
const NODE: Stamps = { lsn: 24, uuid: 32, checksum: 12 }
const LINK: Stamps = { lsn: 48, uuid: 16, checksum: 12 }

const BY_NAME: ReadonlyMap<string, Stamps> = new Map([
  ...['AB3B', 'AB3C', 'IAB3', 'FIB3', 'RMB3', 'R3FC'].map((name) => [name, SHORT_TREE] as const),
  ['BMA3', LONG_TREE],
  ...['XDB3', 'XDD3', 'XDF3'].map((name) => [name, FOLDER] as const),
  ['XSLM', LINK],
])
/** Leaves and nodes of folders and attributes have their magic number behind the neighbours'. */
const NODES = new Set([0x3df1, 0x3dff, 0x3bee, 0x3ebe])

/** Undefined for what has none, or is not known: it is replayed whatever its age. */
export function stampsOf(block: Buffer): Stamps | undefined {
  if (block.length < 64) return undefined
  const byName = BY_NAME.get(block.toString('latin1', 0, 4))
  return byName ?? (NODES.has(block.readUInt16BE(8)) ? NODE : undefined)
}

const ALL_ONES = 2n ** 64n - 1n

/** What the block says of its age; undefined where it says nothing that counts. */
export function lsnOf(block: Buffer, uuid: Buffer): bigint | undefined {
  const stamps = stampsOf(block)
  if (!stamps || !block.subarray(stamps.uuid, stamps.uuid + 16).equals(uuid)) return undefined
  const lsn = block.readBigUInt64BE(stamps.lsn)
  return lsn === 0n || lsn === ALL_ONES ? undefined : lsn
}

/** As it would be written to its place now. */
export function stamp(block: Buffer, lsn: bigint): void {
  const stamps = stampsOf(block)
  if (!stamps) return
  block.writeBigUInt64BE(lsn, stamps.lsn)
  writeChecksum(block, stamps.checksum)
}

export function writeChecksum(block: Buffer, at: number): void {
  block.writeUInt32LE(0, at)
  uint32le(crc32c(0xffffffff, block) ^ 0xffffffff).copy(block, at)
}

/** Orders the items of a tree: by object, then type, then offset. */
export interface Key {
  readonly id: bigint
  readonly type: number
  readonly offset: bigint
}

export const KEY_BYTES = 17
export const MAX_OFFSET = 2n ** 64n - 1n

export const ITEM = {
  inode: 1,
  inodeReference: 12,
  longReference: 13,
  attribute: 24,
  loggedNames: 60,
  loggedIndexes: 72,
  name: 84,
  index: 96,
  extent: 108,
  checksums: 128,
  root: 132,
  rootReference: 156,
  chunk: 228,
} as const

export const TREE = { roots: 1n, chunks: 3n, files: 5n, checksums: 7n } as const
export const FIRST_FREE_ID = 256n
/** Object of all checksums of content, and of the roots of logs: negative numbers. */
export const CHECKSUMS_ID = BigInt.asUintN(64, -10n)
export const LOG_ID = BigInt.asUintN(64, -6n)

export function readKey(bytes: Buffer, at: number): Key {
  return {
    id: bytes.readBigUInt64LE(at),
    type: bytes[at + 8] ?? 0,
    offset: bytes.readBigUInt64LE(at + 9),
  }
}

/** Below 0 where the first comes first. */
export function compareKeys(a: Key, b: Key): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  if (a.type !== b.type) return a.type - b.type
  if (a.offset !== b.offset) return a.offset < b.offset ? -1 : 1
  return 0
}

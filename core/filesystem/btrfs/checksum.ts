import { createHash } from 'node:crypto'
import { crc32c, uint32le } from '../crc32c.ts'
import { unsupported } from '../damaged.ts'
import { xxhash64 } from './xxhash64.ts'

/** How a file system sums up its blocks: the same way for metadata and content. */
export interface Checksum {
  readonly name: string
  readonly bytes: number
  of(block: Uint8Array): Buffer
}

const ALL_ONES = 0xffffffff

const KINDS: readonly Checksum[] = [
  { name: 'crc32c', bytes: 4, of: (block) => uint32le(crc32c(ALL_ONES, block) ^ ALL_ONES) },
  { name: 'xxhash64', bytes: 8, of: xxhash64 },
  { name: 'sha256', bytes: 32, of: (block) => createHash('sha256').update(block).digest() },
]

export function checksumOf(type: number): Checksum {
  const kind = KINDS[type]
  if (kind) return kind
  if (type === 3) throw unsupported('btrfs: checksums of the kind blake2b cannot be checked here')
  throw unsupported(`btrfs: checksums of the kind ${type} are not known`)
}

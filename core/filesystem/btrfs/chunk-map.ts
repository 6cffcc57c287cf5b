import { damaged, unsupported } from '../damaged.ts'
import { readWide } from '../wide-number.ts'
import { FIRST_FREE_ID, ITEM, KEY_BYTES, readKey } from './key.ts'
import type { Superblock } from './superblock.ts'

/** A range of logical addresses, and where its copies lie on the device. */
export interface Chunk {
  readonly at: number
  readonly length: number
  readonly copies: readonly number[]
}

const HEAD_BYTES = 48
const STRIPE_BYTES = 32
const MAX_KEPT = 4096

const DUPLICATE = 0x20n
const PROFILES: readonly (readonly [bigint, string])[] = [
  [0x08n, 'RAID0'],
  [0x10n, 'RAID1'],
  [0x40n, 'RAID10'],
  [0x80n, 'RAID5'],
  [0x100n, 'RAID6'],
  [0x200n, 'RAID1C3'],
  [0x400n, 'RAID1C4'],
]

/** Logical addresses to places. Chunks are looked for when they are first needed. */
export class ChunkMap {
  readonly #kept = new Map<number, Chunk>()
  readonly #first: readonly Chunk[]
  readonly #find: (at: number) => Promise<Chunk | undefined>

  /** `find` looks into the tree of chunks, whose own ones the superblock has. */
  constructor(superblock: Superblock, find: (at: number) => Promise<Chunk | undefined>) {
    this.#first = firstChunks(superblock)
    this.#find = find
  }

  /** Where `length` bytes lie, first copy first. They never cross chunks. */
  async placesOf(at: number, length: number): Promise<number[]> {
    const chunk = (await this.#chunkAt(at)) ?? missing(at)
    if (at + length > chunk.at + chunk.length) throw damaged(`btrfs: ${at} crosses a chunk's end`)
    return chunk.copies.map((copy) => copy + (at - chunk.at))
  }

  async #chunkAt(at: number): Promise<Chunk | undefined> {
    const has = (chunk: Chunk) => at >= chunk.at && at < chunk.at + chunk.length
    const first = this.#first.find(has)
    if (first) return first
    for (const chunk of this.#kept.values()) if (has(chunk)) return this.#keep(chunk)
    const found = await this.#find(at)
    return found && has(found) ? this.#keep(found) : undefined
  }

  #keep(chunk: Chunk): Chunk {
    this.#kept.delete(chunk.at)
    this.#kept.set(chunk.at, chunk)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return chunk
  }
}

function missing(at: number): never {
  throw damaged(`btrfs: there is no chunk for the address ${at}`)
}

function firstChunks(superblock: Superblock): Chunk[] {
  const bytes = superblock.firstChunks
  const found: Chunk[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + KEY_BYTES + HEAD_BYTES
    if (end > bytes.length) throw damaged('btrfs: the chunks in the superblock are cut off')
    const key = readKey(bytes, at)
    const next = end + bytes.readUInt16LE(end - 4) * STRIPE_BYTES
    if (key.id !== FIRST_FREE_ID || key.type !== ITEM.chunk || next > bytes.length)
      throw damaged('btrfs: the chunks in the superblock are damaged')
    found.push(parseChunk(superblock, key.offset, bytes.subarray(at + KEY_BYTES, next)))
    at = next
  }
  return found
}

export function parseChunk({ device }: Superblock, offset: bigint, bytes: Buffer): Chunk {
  const at = Number(offset)
  const where = `btrfs: the chunk at ${offset}`
  const stripes = bytes.length < HEAD_BYTES ? 0 : bytes.readUInt16LE(44)
  if (stripes === 0 || bytes.length < HEAD_BYTES + stripes * STRIPE_BYTES)
    throw damaged(`${where} is cut off`)
  const type = bytes.readBigUInt64LE(24)
  const profile = PROFILES.find(([bit]) => (type & bit) !== 0n)
  if (profile)
    throw unsupported(`${where} has the profile ${profile[1]}, which cannot be read here`)
  const length = readWide(bytes, 0, where)
  const copies = Array.from({ length: stripes }, (_, index) => {
    const stripe = HEAD_BYTES + index * STRIPE_BYTES
    if (bytes.readBigUInt64LE(stripe) !== device) throw damaged(`${where} is on another device`)
    return readWide(bytes, stripe + 8, where)
  })
  const isSound =
    Number.isSafeInteger(at + length) &&
    length > 0 &&
    stripes === ((type & DUPLICATE) !== 0n ? 2 : 1) &&
    copies.every((copy) => Number.isSafeInteger(copy + length))
  if (!isSound) throw damaged(`${where} makes no sense`)
  return { at, length, copies }
}

import { damaged } from '../damaged.ts'
import type { GuestExtent, GuestFile } from '../file-system.ts'
import { readable } from '../mapped-file.ts'
import { contentChecksums, requireSums } from './data-checksums.ts'
import { decompress } from './decompress.ts'
import { pieces, type InlineContent, type Piece, type StoredContent } from './extents.ts'
import type { Inode } from './inode.ts'
import type { ItemSource } from './tree.ts'
import type { BtrfsVolume } from './volume.ts'

/** A file's content: found by its extents, checked by its checksums, decompressed. */
export class BtrfsFile implements GuestFile {
  readonly sizeBytes: number
  readonly #volume: BtrfsVolume
  readonly #inode: Inode
  readonly #checksums: readonly ItemSource[]
  /** What was decompressed last: files are mostly read forward, in parts of it. */
  #unpacked: { readonly at: number; readonly plain: Buffer } | undefined

  constructor(volume: BtrfsVolume, inode: Inode, checksums: readonly ItemSource[]) {
    this.sizeBytes = inode.status.sizeBytes
    this.#volume = volume
    this.#inode = inode
    this.#checksums = checksums
  }

  async *extents(offset = 0): AsyncGenerator<GuestExtent> {
    for await (const piece of pieces(this.#inode, offset)) {
      const start = Math.max(offset, piece.offset)
      const end = Math.min(piece.offset + piece.length, this.sizeBytes)
      yield { offset: start, length: end - start, hole: piece.from === 'hole' }
    }
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const wanted = readable(this.sizeBytes, offset, length)
    const content = Buffer.alloc(wanted)
    if (wanted === 0) return content
    for await (const piece of pieces(this.#inode, offset)) {
      const start = Math.max(offset, piece.offset)
      const end = Math.min(piece.offset + piece.length, offset + wanted)
      if (end > start && piece.from !== 'hole')
        (await this.#part(piece, start - piece.offset, end - start)).copy(content, start - offset)
      if (piece.offset + piece.length >= offset + wanted) break
    }
    return content
  }

  async #part({ offset, from }: Piece, start: number, length: number): Promise<Buffer> {
    if (from === 'hole') return Buffer.alloc(length)
    if ('inline' in from) return this.#inline(from).subarray(start, start + length)
    const { at, skip, compression } = from
    if (compression === 'none') return this.#stored(at + skip + start, length, offset + start)
    const plain = await this.#plain(from, offset)
    return plain.subarray(skip + start, skip + start + length)
  }

  #inline({ inline, compression, plainBytes }: InlineContent): Buffer {
    const { sectorBytes } = this.#volume.superblock
    return decompress(compression, inline, plainBytes, sectorBytes)
  }

  async #plain(from: StoredContent, offset: number): Promise<Buffer> {
    const { at, storedBytes, compression, plainBytes } = from
    if (this.#unpacked?.at === at && this.#unpacked.plain.length === plainBytes)
      return this.#unpacked.plain
    const { sectorBytes } = this.#volume.superblock
    const stored = await this.#stored(at, storedBytes, offset)
    const plain = decompress(compression, stored, plainBytes, sectorBytes)
    this.#unpacked = { at, plain }
    return plain
  }

  /** Whole sectors are read: checksums are of those. `offset` is the content's in the file. */
  async #stored(at: number, length: number, offset: number): Promise<Buffer> {
    const { superblock } = this.#volume
    const { sectorBytes } = superblock
    const first = at - (at % sectorBytes)
    const count = Math.ceil((at + length - first) / sectorBytes)
    if (this.#inode.isUnchecked) return this.#volume.readContent(at, length, () => {})
    const sums = await contentChecksums(this.#checksums, superblock, first, count)
    const id = this.#inode.status.id
    const what = (sector: number) =>
      `the content of inode ${id} at ${Math.max(offset, offset - (at - first) + sector * sectorBytes)}`
    const sectors = await this.#volume.readContent(first, count * sectorBytes, (bytes) =>
      requireSums(superblock, bytes, sums, what),
    )
    return sectors.subarray(at - first, at - first + length)
  }
}

const MAX_LINK_BYTES = 4096

export async function readLinkOf(volume: BtrfsVolume, inode: Inode, sums: readonly ItemSource[]) {
  const { sizeBytes, id } = inode.status
  if (sizeBytes > MAX_LINK_BYTES) throw damaged(`btrfs: the link ${id} has ${sizeBytes} bytes`)
  return new BtrfsFile(volume, inode, sums).read(0, sizeBytes)
}

import type { ByteReader, StoredBytes } from './byte-reader.ts'
import { damaged } from './damaged.ts'
import { overlaid } from './overlay.ts'
import { requireInside } from './slice.ts'

/** A disk that can be written to, in memory only: what a log is replayed into. */
export class PatchedDisk implements ByteReader {
  readonly sizeBytes: number
  readonly #blockBytes: number
  readonly #most: number
  readonly #disk: ByteReader
  readonly #overlaid: ByteReader
  readonly #held = new Map<number, Buffer>()

  constructor(disk: ByteReader, blockBytes: number, mostBytes: number) {
    this.sizeBytes = disk.sizeBytes
    this.#blockBytes = blockBytes
    this.#most = Math.floor(mostBytes / blockBytes)
    this.#disk = disk
    this.#overlaid = overlaid(disk, blockBytes, this.#held)
  }

  read(offset: number, length: number): Promise<Buffer> {
    return this.#overlaid.read(offset, length)
  }

  stored(offset: number, length: number): StoredBytes | undefined {
    return this.#overlaid.stored?.(offset, length)
  }

  async write(offset: number, bytes: Buffer): Promise<void> {
    requireInside(this.sizeBytes, offset, bytes.length)
    const end = offset + bytes.length
    const size = this.#blockBytes
    for (let block = Math.floor(offset / size); block * size < end; block++) {
      const held = this.#held.get(block) ?? (await this.#load(block))
      const from = Math.max(offset, block * size)
      const to = Math.min(end, (block + 1) * size)
      bytes.copy(held, from - block * size, from - offset, to - offset)
    }
  }

  async #load(block: number): Promise<Buffer> {
    if (this.#held.size >= this.#most)
      throw damaged(`the log writes more than ${this.#most * this.#blockBytes} bytes`)
    const at = block * this.#blockBytes
    const length = Math.min(this.#blockBytes, this.sizeBytes - at)
    // A copy of its own: readers may hand out parts of what they keep.
    const content = Buffer.from(await this.#disk.read(at, length))
    this.#held.set(block, content)
    return content
  }
}

import { createHash, type Hash } from 'node:crypto'
import { join } from 'node:path'
import { type FileSystem, type OpenFile, writeAll } from '../../core/runtime/file-system.ts'
import { encodeBlock, type MediaBlock } from '../../core/replica/block.ts'
import { PART_BYTES, partFolder, partPath, PARTS } from '../../core/replica/layout.ts'
import type { MediaPart } from '../../core/replica/manifest.ts'

interface OpenPart {
  readonly file: OpenFile
  readonly path: string
  readonly hash: Hash
  bytes: number
}

/** Writes blocks into parts, one after the other; a part has its name once it is synced. */
export class PartWriter {
  readonly #fs: FileSystem
  readonly #folder: string
  readonly #partBytes: number
  #index: number
  #part: OpenPart | undefined

  constructor(fs: FileSystem, folder: string, index: number, partBytes = PART_BYTES) {
    this.#fs = fs
    this.#folder = folder
    this.#index = index
    this.#partBytes = partBytes
  }

  get isFull(): boolean {
    return (this.#part?.bytes ?? 0) >= this.#partBytes
  }

  async write(block: MediaBlock): Promise<void> {
    const part = (this.#part ??= await this.#open())
    for (const bytes of encodeBlock(block)) {
      await writeAll(part.file, bytes, part.bytes)
      part.hash.update(bytes)
      part.bytes += bytes.length
    }
  }

  /** Undefined where nothing was written since the last one. */
  async end(): Promise<MediaPart | undefined> {
    const part = this.#part
    if (!part) return undefined
    this.#part = undefined
    try {
      await part.file.datasync()
    } finally {
      await part.file.close()
    }
    await this.#fs.rename(`${part.path}.new`, part.path)
    await this.#fs.syncFolder(join(this.#folder, partFolder(this.#index)))
    this.#index++
    return { bytes: part.bytes, sha256: part.hash.digest('hex') }
  }

  /** What was not ended is written again by whoever goes on. */
  async abandon(): Promise<void> {
    await this.#part?.file.close().catch(() => {})
  }

  async #open(): Promise<OpenPart> {
    const path = join(this.#folder, partPath(this.#index))
    for (const folder of [PARTS, partFolder(this.#index)])
      if (await this.#fs.makeFolder(join(this.#folder, folder)))
        await this.#fs.syncFolder(join(this.#folder, folder, '..'))
    // What an earlier run left of it counts for nothing.
    for (const old of [path, `${path}.new`])
      if (await this.#fs.stat(old)) await this.#fs.unlink(old)
    const file = await this.#fs.open(`${path}.new`, 'create')
    return { file, path, hash: createHash('sha256'), bytes: 0 }
  }
}

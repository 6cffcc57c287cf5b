import type { ByteReader, StoredBytes } from '../../../core/filesystem/byte-reader.ts'
import type { FetchedPart } from '../../../core/filesystem/browse/fetch-paths.ts'
import { damaged } from '../../../core/filesystem/damaged.ts'
import { requireInside } from '../../../core/filesystem/slice.ts'
import { toFailure } from '../../../core/model/error.ts'

export type FilledPart = Exclude<FetchedPart, { readonly stored: StoredBytes }>

const PIECE_BYTES = 512 * 1024
const MOST_AHEAD = 3

/**
 * Content that lies on the disks as it is never goes through the process that found it: it is read
 * here. What of a file cannot be read ends that file, as it does there.
 */
export class StoredContent {
  readonly #disks: ReadonlyMap<string, ByteReader>
  /** Of the head that was seen last. */
  #path: Uint8Array = new Uint8Array()
  #index = 0
  #isFailed = false

  constructor(disks: ReadonlyMap<string, ByteReader>) {
    this.#disks = disks
  }

  /** The same with data in place of where they are. */
  async *fill(part: FetchedPart): AsyncGenerator<FilledPart> {
    if ('head' in part) this.#begin(part.head.path, part.head.index)
    else if (this.#isFailed && this.#isOfFailed(part)) return
    if (!('stored' in part)) {
      yield part
      return
    }
    try {
      yield* this.#read(part.stored)
    } catch (error) {
      this.#isFailed = true
      yield { failed: { path: this.#path, index: this.#index, failure: toFailure(error) } }
    }
  }

  #begin(path: Uint8Array, index: number): void {
    this.#path = path
    this.#index = index
    this.#isFailed = false
  }

  #isOfFailed(part: FetchedPart): boolean {
    if ('failed' in part) return part.failed.index === this.#index
    return !('warnings' in part)
  }

  async *#read({ disk, offset, length }: StoredBytes): AsyncGenerator<FilledPart> {
    // It comes from where guests' bytes are parsed: nothing of it is believed.
    const reader = this.#disks.get(disk)
    if (!reader) throw damaged(`the point has no disk ${disk}`)
    requireInside(reader.sizeBytes, offset, length)
    const ahead: Promise<Buffer>[] = []
    const end = offset + length
    for (let at = offset; at < end || ahead.length > 0;) {
      for (; at < end && ahead.length < MOST_AHEAD; at += PIECE_BYTES)
        ahead.push(settledLater(reader.read(at, Math.min(PIECE_BYTES, end - at))))
      yield { data: await ahead.shift()! }
    }
  }
}

/** Its failure is seen when its turn comes, or never. */
function settledLater(reading: Promise<Buffer>): Promise<Buffer> {
  reading.catch(() => {})
  return reading
}

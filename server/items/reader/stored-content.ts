import type { StoredBytes } from '../../../core/filesystem/byte-reader.ts'
import type { FetchedPart } from '../../../core/filesystem/browse/fetch-paths.ts'
import { damaged } from '../../../core/filesystem/damaged.ts'
import { requireInside } from '../../../core/filesystem/slice.ts'
import { toFailure } from '../../../core/model/error.ts'
import { metLater } from '../../../core/runtime/met-later.ts'
import type { PointDisk } from '../point-disk.ts'
import type { WholeChunks } from '../whole-chunks.ts'

export type FilledPart = Exclude<FetchedPart, { readonly stored: StoredBytes }> | WholeChunks

/** A disk of the point that is read; some have nothing but their bytes. */
export type ContentDisk = Pick<PointDisk, 'sizeBytes' | 'read'> &
  Partial<Pick<PointDisk, 'chunkBytes' | 'whole'>>

const PIECE_BYTES = 512 * 1024
/** Shorter content is not worth the threads that open records at the other end. */
const WORTH_RECORDS_BYTES = 4 * 1024 * 1024
const MOST_AHEAD = 3

/**
 * Content that lies on the disks as it is never goes through the process that found it: it is read
 * here. What of a file cannot be read ends that file, as it does there.
 */
export class StoredContent {
  readonly #disks: ReadonlyMap<string, ContentDisk>
  readonly #asRecords: boolean
  /** Of the head that was seen last. */
  #path: Uint8Array = new Uint8Array()
  #index = 0
  #isFailed = false

  /** `asRecords`: whoever asked takes long content as it is stored. */
  constructor(disks: ReadonlyMap<string, ContentDisk>, asRecords: boolean) {
    this.#disks = disks
    this.#asRecords = asRecords
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
    const end = offset + length
    if (this.#asRecords && reader.whole) yield* wholeAndEnds(reader, reader.whole, offset, end)
    else yield* plain(reader, offset, end)
  }
}

async function* wholeAndEnds(
  reader: ContentDisk,
  whole: NonNullable<ContentDisk['whole']>,
  offset: number,
  end: number,
): AsyncGenerator<FilledPart> {
  const { chunkBytes = 1 } = reader
  // Whole chunks alone: what else lies in the first and the last is none of this file's.
  const [first, last] = [Math.ceil(offset / chunkBytes), Math.floor(end / chunkBytes)]
  if ((last - first) * chunkBytes < WORTH_RECORDS_BYTES) {
    yield* plain(reader, offset, end)
    return
  }
  yield* plain(reader, offset, first * chunkBytes)
  for await (const chunks of whole(first, last)) {
    yield chunks
    if ('records' in chunks) chunks.release()
  }
  yield* plain(reader, last * chunkBytes, end)
}

async function* plain(
  reader: ContentDisk,
  offset: number,
  end: number,
): AsyncGenerator<FilledPart> {
  const ahead: Promise<Buffer>[] = []
  for (let at = offset; at < end || ahead.length > 0;) {
    for (; at < end && ahead.length < MOST_AHEAD; at += PIECE_BYTES)
      ahead.push(metLater(reader.read(at, Math.min(PIECE_BYTES, end - at))))
    yield { data: await ahead.shift()! }
  }
}

import { isZero } from '../../core/chunk/zero-test.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { digestOf, DIGEST_BYTES } from '../../core/model/digest.ts'
import type { Extent } from '../../core/model/extent.ts'
import { chunkCount, chunkLength, chunkOffset, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { pullDisk, type PulledDisk, type PullOptions } from './pull-disk.ts'

/** Read at once; between two of these others have their turn. */
const READ_BYTES = 4 * 1024 * 1024

/**
 * Makes a disk that is there into that of the point: reads what it has, page by page, and takes from
 * the server what differs, which is all that is written. A chunk counts as alike by its digest.
 */
export async function rollBack(options: PullOptions, present: ByteReader): Promise<PulledDisk> {
  const { sizeBytes, chunkBytes } = options.disk
  const chunks = chunkCount(sizeBytes, chunkBytes)
  let records = 0
  const unreadable: Extent[] = []
  for (let first = 0; first < chunks; first += PAGE_CHUNKS) {
    const end = Math.min(first + PAGE_CHUNKS, chunks)
    const have = await digestsOf(options, present, first, end)
    const pulled = await pullDisk({ ...options, range: { first, end, have } })
    records += pulled.records
    unreadable.push(...pulled.unreadable)
  }
  return { records, unreadable }
}

async function digestsOf(
  { disk: { sizeBytes, chunkBytes }, signal }: PullOptions,
  present: ByteReader,
  first: number,
  end: number,
): Promise<Buffer> {
  const digests = Buffer.alloc((end - first) * DIGEST_BYTES)
  const step = Math.max(1, Math.floor(READ_BYTES / chunkBytes))
  for (let from = first; from < end; from += step) {
    signal.throwIfAborted()
    const to = Math.min(from + step, end)
    const offset = chunkOffset(from, chunkBytes)
    const length = Math.min(chunkOffset(to, chunkBytes), sizeBytes) - offset
    const bytes = await present.read(offset, length)
    for (let index = from; index < to; index++) {
      const at = chunkOffset(index, chunkBytes) - offset
      const chunk = bytes.subarray(at, at + chunkLength(index, sizeBytes, chunkBytes))
      if (!isZero(chunk)) digestOf(chunk).copy(digests, (index - first) * DIGEST_BYTES)
    }
  }
  return digests
}

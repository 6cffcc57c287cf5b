import type { Extent } from '../../../core/model/extent.ts'
import type { FileExtent } from './file-extents.ts'

/**
 * Ranges in which two files may differ, rising. Both cover [0, size) of the same size. What lies at
 * the same place of the file system is the same bytes, as long as both files are there and nobody
 * writes to them; all that is not surely the same counts as different.
 */
export async function* differing(
  before: AsyncIterable<FileExtent>,
  now: AsyncIterable<FileExtent>,
): AsyncGenerator<Extent> {
  const older = before[Symbol.asyncIterator]()
  try {
    let old = await take(older)
    for await (const { offset, length, ...place } of now) {
      for (let at = offset; at < offset + length;) {
        while (old.offset + old.length <= at) old = await take(older)
        const end = Math.min(offset + length, old.offset + old.length)
        if (!isSame(old, { ...place, offset, length }, at)) yield { offset: at, length: end - at }
        at = end
      }
    }
    // To its end: only then is it known that its map was whole.
    while ((await older.next()).done !== true);
  } finally {
    await older.return?.()
  }
}

function isSame(old: FileExtent, now: FileExtent, at: number): boolean {
  if (old.kind === 'zero') return now.kind === 'zero'
  if (old.kind !== 'data' || now.kind !== 'data') return false
  return old.physical + (at - old.offset) === now.physical + (at - now.offset)
}

async function take(extents: AsyncIterator<FileExtent>): Promise<FileExtent> {
  const next = await extents.next()
  if (next.done) throw new RangeError('maps of files of different sizes')
  return next.value
}

import type { DiskRange } from '../../core/filesystem/browse/search-volumes.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import type { PointDisk } from './point-disk.ts'

/** Chunks of disks that something was read from, by disk. */
export class TouchedChunks {
  readonly #chunks = new Map<string, Set<number>>()

  add(disk: string, first: number, last: number): void {
    const chunks = this.#chunks.get(disk) ?? new Set()
    this.#chunks.set(disk, chunks)
    for (let chunk = first; chunk <= last; chunk++) chunks.add(chunk)
  }

  /** All but those that lie in one of these ranges, whole. */
  without(ranges: readonly DiskRange[], chunkBytesOf: ReadonlyMap<string, number>): TouchedChunks {
    const copied = new TouchedChunks()
    for (const [disk, chunks] of this.#chunks) {
      const size = chunkBytesOf.get(disk) ?? 0
      const left = [...chunks].filter((chunk) => {
        const [start, end] = [chunk * size, (chunk + 1) * size]
        return !ranges.some(
          (one) => one.disk === disk && one.offset <= start && end <= one.offset + one.length,
        )
      })
      copied.#chunks.set(disk, new Set(left))
    }
    return copied
  }

  /** Whether any of them is in one of these ranges of bytes. */
  meets(unlike: Unlike): boolean {
    for (const { disk, chunkBytes, ranges } of unlike) {
      const chunks = this.#chunks.get(disk)
      if (chunks && (ranges === 'all' || meetsRanges(chunks, chunkBytes, ranges))) return true
    }
    return false
  }
}

/** What two points do not have alike, by disk; rising and apart. */
export type Unlike = readonly {
  readonly disk: string
  readonly chunkBytes: number
  readonly ranges: readonly { readonly offset: number; readonly length: number }[] | 'all'
}[]

function meetsRanges(
  chunks: ReadonlySet<number>,
  chunkBytes: number,
  ranges: readonly { readonly offset: number; readonly length: number }[],
): boolean {
  return [...chunks].some((chunk) => {
    const [start, end] = [chunk * chunkBytes, (chunk + 1) * chunkBytes]
    let [low, high] = [0, ranges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const { offset, length } = ranges[middle]!
      if (offset + length <= start) low = middle + 1
      else high = middle
    }
    const found = ranges[low]
    return found !== undefined && found.offset < end
  })
}

/** Tells `note` which chunks are read of a disk. */
export function recorded(
  disk: PointDisk,
  note: (disk: string, first: number, last: number) => void,
): ByteReader {
  const { sizeBytes, chunkBytes, name } = disk
  return {
    sizeBytes,
    read: (offset, length) => {
      if (length > 0)
        note(name, Math.floor(offset / chunkBytes), Math.floor((offset + length - 1) / chunkBytes))
      return disk.read(offset, length)
    },
  }
}

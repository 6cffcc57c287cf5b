import { HoldfastError } from '../model/error.ts'
import type { ByteReader } from './byte-reader.ts'
import { damaged } from './damaged.ts'
import { MAX_READ_BYTES, type GuestExtent, type GuestFile } from './file-system.ts'
import { requireInside } from './slice.ts'

/** Where a piece of a file lies. */
export interface Place {
  /** Offset on the disk; null for what reads as zeros. */
  readonly place: number | null
  /** Bytes from the asked offset on that lie there in one piece; at least 1. */
  readonly length: number
}

/** Which bytes of the disk a file's bytes are, found piece by piece. */
export interface Mapping {
  readonly sizeBytes: number
  /** Asked only for offsets below `sizeBytes`. */
  locate(offset: number): Promise<Place>
}

/** A file whose bytes lie on the disk as they are. */
export function mappedFile(disk: ByteReader, mapping: Mapping): GuestFile {
  const { sizeBytes } = mapping

  async function piece(offset: number): Promise<Place> {
    const { place, length } = await mapping.locate(offset)
    if (length <= 0) throw damaged(`nothing is said about where offset ${offset} of a file lies`)
    return { place, length: Math.min(length, sizeBytes - offset) }
  }

  return {
    ...{ sizeBytes, disk },
    async *extents(offset = 0): AsyncIterable<GuestExtent> {
      for (let at = offset; at < sizeBytes;) {
        const { place, length } = await piece(at)
        yield { offset: at, length, hole: place === null, ...(place === null ? {} : { place }) }
        at += length
      }
    },
    async read(offset, length) {
      const wanted = readable(sizeBytes, offset, length)
      const content = Buffer.alloc(wanted)
      for (let done = 0; done < wanted;) {
        const found = await piece(offset + done)
        const step = Math.min(found.length, wanted - done)
        if (found.place !== null) (await readChecked(disk, found.place, step)).copy(content, done)
        done += step
      }
      return content
    },
  }
}

/** A file whose content is at hand. */
export function heldFile(content: Buffer): GuestFile {
  const sizeBytes = content.length
  return {
    sizeBytes,
    async *extents(offset = 0): AsyncIterable<GuestExtent> {
      if (offset < sizeBytes) yield { offset, length: sizeBytes - offset, hole: false }
    },
    async read(offset, length) {
      return content.subarray(offset, offset + readable(sizeBytes, offset, length))
    },
  }
}

/** How many of the asked bytes there are. */
export function readable(sizeBytes: number, offset: number, length: number): number {
  if (!Number.isSafeInteger(offset) || offset < 0 || !(length >= 0 && length <= MAX_READ_BYTES))
    throw new HoldfastError('invalid-argument', `${length} bytes at ${offset} cannot be read`)
  return Math.max(0, Math.min(length, sizeBytes - offset))
}

/** Reads at a place that the image named. */
export function readChecked(disk: ByteReader, offset: number, length: number): Promise<Buffer> {
  requireInside(disk.sizeBytes, offset, length)
  return disk.read(offset, length)
}

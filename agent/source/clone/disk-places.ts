import type { FileHandle } from 'node:fs/promises'
import { ImageFile } from '../../../core/disk/format/image-file.ts'
import { qcow2Map, type Qcow2Range } from '../../../core/disk/format/qcow2-map.ts'
import { readQcow2 } from '../../../core/disk/format/qcow2.ts'
import { fileExtents, type FileExtent } from './file-extents.ts'

/** Formats of which it can be told where in their file, and so in its file system, a disk's bytes lie. */
export type PlacedFormat = 'raw' | 'qcow2'

/** A disk as its image's file has it. The file is open, synced, and nobody writes to it. */
export interface DiskPlaces {
  readonly sizeBytes: number
  /** Rising, over exactly [0, size). */
  extents(signal: AbortSignal): AsyncIterable<FileExtent>
}

/** Of a qcow2: one without a backing file. */
export async function diskPlaces(
  { fd }: Pick<FileHandle, 'fd'>,
  fileBytes: number,
  format: PlacedFormat,
): Promise<DiskPlaces> {
  if (format === 'raw')
    return { sizeBytes: fileBytes, extents: (signal) => fileExtents(fd, fileBytes, signal) }
  const path = `/proc/self/fd/${fd}`
  const opened = await ImageFile.open(path)
  try {
    const { sizeBytes } = await readQcow2(opened)
    return {
      sizeBytes,
      extents: (signal) => qcow2Extents(path, fileExtents(fd, fileBytes, signal)),
    }
  } finally {
    await opened.close()
  }
}

async function* qcow2Extents(
  path: string,
  file: AsyncIterable<FileExtent>,
): AsyncGenerator<FileExtent> {
  const lying: FileExtent[] = []
  for await (const extent of file) lying.push(extent)
  const image = await ImageFile.open(path)
  try {
    yield* throughFile(qcow2Map(image, await readQcow2(image)), lying)
  } finally {
    await image.close()
  }
}

/** Exported for tests: the disk's ranges of the file, where the file system has those. */
export async function* throughFile(
  ranges: AsyncIterable<Qcow2Range>,
  lying: readonly FileExtent[],
): AsyncGenerator<FileExtent> {
  for await (const { offset, length, at } of ranges) {
    if (at === 'zeros') yield { offset, length, physical: 0, kind: 'zero' }
    else if (at === 'compressed') yield { offset, length, physical: 0, kind: 'unclear' }
    else yield* pieces(offset, length, at, lying)
  }
}

function* pieces(
  offset: number,
  length: number,
  from: number,
  lying: readonly FileExtent[],
): Generator<FileExtent> {
  let at = from
  for (let index = indexOf(lying, from); at < from + length; index++) {
    const extent = lying[index]
    const end = extent ? Math.min(from + length, extent.offset + extent.length) : from + length
    const place = { offset: offset + (at - from), length: end - at }
    // Past the file's end: QEMU reads zeros there, which is for it to say.
    if (!extent) yield { ...place, physical: 0, kind: 'unclear' }
    else yield { ...place, physical: extent.physical + (at - extent.offset), kind: extent.kind }
    at = end
  }
}

/** Of the extent that holds this byte of the file. */
function indexOf(lying: readonly FileExtent[], at: number): number {
  let [low, high] = [0, lying.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const { offset, length } = lying[middle] as FileExtent
    if (offset + length <= at) low = middle + 1
    else high = middle
  }
  return low
}

import type { Extent } from '../../model/extent.ts'
import type { ImageFile } from './image-file.ts'
import { hostOffset, isCompressed, qcow2Tables, readsAsZeros } from './qcow2-tables.ts'
import type { Qcow2Header } from './qcow2.ts'

const SUBCLUSTERS = 32

/** A range of the disk, and where in the file its bytes lie; or that it reads as zeros, or is not plain. */
export interface Qcow2Range extends Extent {
  readonly at: number | 'zeros' | 'compressed'
}

/**
 * Where an image without backing file has what the guest sees: rising, over exactly [0, size), touching
 * ranges joined where the file goes on as the disk does.
 */
export async function* qcow2Map(file: ImageFile, header: Qcow2Header): AsyncGenerator<Qcow2Range> {
  let last: Qcow2Range | undefined
  for await (const next of pieces(file, header)) {
    const joined = last && join(last, next)
    if (last && !joined) yield last
    last = joined ?? next
  }
  if (last) yield last
}

function join(last: Qcow2Range, next: Qcow2Range): Qcow2Range | undefined {
  const follows = typeof last.at === 'number' ? last.at + last.length : last.at
  return follows === next.at ? { ...last, length: last.length + next.length } : undefined
}

async function* pieces(file: ImageFile, header: Qcow2Header): AsyncGenerator<Qcow2Range> {
  const clusterBytes = 2 ** header.clusterBits
  const step = header.hasExtendedEntries ? 16 : 8
  const span = (clusterBytes / step) * clusterBytes
  for await (const { guestOffset, table } of qcow2Tables(file, header)) {
    const end = Math.min(guestOffset + span, header.sizeBytes)
    if (!table) yield { offset: guestOffset, length: end - guestOffset, at: 'zeros' }
    else
      for (let offset = guestOffset, at = 0; offset < end; offset += clusterBytes, at += step)
        yield* clipped(clusterRanges(header, table, at), offset, end)
  }
}

function* clipped(
  ranges: Iterable<Omit<Qcow2Range, 'offset'>>,
  from: number,
  end: number,
): Generator<Qcow2Range> {
  let offset = from
  for (const { length, at } of ranges) {
    if (offset >= end) return
    yield { offset, length: Math.min(length, end - offset), at }
    offset += length
  }
}

/** One cluster, in parts where its entry is extended. */
function* clusterRanges(
  { clusterBits, hasExtendedEntries }: Qcow2Header,
  table: Buffer,
  entry: number,
): Generator<Omit<Qcow2Range, 'offset'>> {
  const clusterBytes = 2 ** clusterBits
  const host = hostOffset(table, entry)
  if (isCompressed(table, entry)) yield { length: clusterBytes, at: 'compressed' }
  else if (hasExtendedEntries)
    yield* subclusters(clusterBytes, host, table.readUInt32BE(entry + 12))
  else {
    const isZero = host === 0 || readsAsZeros(table, entry)
    yield { length: clusterBytes, at: isZero ? 'zeros' : host }
  }
}

/** `allocated`: a bit each. Those that are not read as zeros, said or not. */
function* subclusters(
  clusterBytes: number,
  host: number,
  allocated: number,
): Generator<Omit<Qcow2Range, 'offset'>> {
  const length = clusterBytes / SUBCLUSTERS
  for (let part = 0; part < SUBCLUSTERS; part++)
    yield { length, at: ((allocated >>> part) & 1) === 0 ? 'zeros' : host + part * length }
}

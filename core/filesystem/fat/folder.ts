import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'
import { ClusterChain, placeOf, type Heap } from './cluster-chain.ts'
import type { ClusterTable } from './cluster-table.ts'
import { LongName } from './long-name.ts'
import { shortName } from './oem-name.ts'

export const ENTRY_BYTES = 32
/** No FAT folder is larger: 2 MiB. */
const MAX_ENTRIES = 65536
const PIECE_BYTES = 16 * 1024
const END = 0x00
const DELETED = 0xe5
const ATTRIBUTES = 11
const LONG_NAME = 0x0f
const LABEL = 0x08

export interface FatEntry {
  readonly name: Buffer
  /** Where on the disk the short entry is: what the file is known by. */
  readonly place: number
  readonly bytes: Buffer
}

/** A piece of a folder and where on the disk it is. */
export interface FolderPiece {
  readonly place: number
  readonly bytes: Buffer
}

/** Pieces of the root of FAT12 and FAT16. */
export async function* fixedPieces(
  disk: ByteReader,
  offset: number,
  length: number,
): AsyncGenerator<FolderPiece> {
  for (let at = 0; at < length; at += PIECE_BYTES) {
    const step = Math.min(PIECE_BYTES, length - at)
    yield { place: offset + at, bytes: await readChecked(disk, offset + at, step) }
  }
}

/** Pieces of a folder in a chain, to the chain's end or to `limitBytes`. */
export async function* chainPieces(
  disk: ByteReader,
  table: ClusterTable,
  heap: Heap,
  folder: { readonly first: number; readonly limitBytes: number },
): AsyncGenerator<FolderPiece> {
  const chain = new ClusterChain(table, folder.first)
  let left = folder.limitBytes
  for (let index = 0; left > 0;) {
    const run = await chain.at(index)
    if (!run) return
    const bytes = Math.min(run.count * heap.clusterBytes, left)
    yield* fixedPieces(disk, placeOf(heap, run.first), bytes)
    index = run.index + run.count
    left -= bytes
  }
}

/** What is in a folder, `.` and `..` left out; deleted entries and remains of long names too. */
export async function* folderEntries(pieces: AsyncIterable<FolderPiece>): AsyncGenerator<FatEntry> {
  const long = new LongName()
  let count = 0
  for await (const { place, bytes } of pieces) {
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const entry = bytes.subarray(at, at + ENTRY_BYTES)
      if (entry[0] === END) return
      if (++count > MAX_ENTRIES) throw damaged('fat: a folder has more than 65,536 entries')
      const found = readEntry(entry, long)
      if (found) yield { name: found, place: place + at, bytes: entry }
    }
  }
}

/** The label that the root keeps. */
export async function findLabel(pieces: AsyncIterable<FolderPiece>): Promise<string | undefined> {
  for await (const { bytes } of pieces) {
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      if (bytes[at] === END) return undefined
      const attributes = bytes.readUInt8(at + ATTRIBUTES)
      if (bytes[at] !== DELETED && (attributes & LABEL) !== 0 && attributes !== LONG_NAME)
        return bytes.toString('latin1', at, at + 11).trimEnd()
    }
  }
  return undefined
}

function readEntry(entry: Buffer, long: LongName): Buffer | undefined {
  const attributes = entry.readUInt8(ATTRIBUTES) & 0x3f
  if (entry[0] === DELETED) return (long.clear(), undefined)
  if (attributes === LONG_NAME) return (long.add(entry), undefined)
  if ((attributes & LABEL) !== 0) return (long.clear(), undefined)
  const short = entry.subarray(0, 11)
  const name = long.take(short) ?? shortName(short, entry.readUInt8(12))
  const text = short.toString('latin1')
  return text === '.          ' || text === '..         ' ? undefined : name
}

import { damaged } from '../damaged.ts'
import type { FolderPiece } from '../fat/folder.ts'
import { ENTRY_BYTES, FILE, nameOf, STREAM } from './entry-set.ts'

const END = 0x00
const LABEL = 0x83
const MAX_SECONDARY = 18

/** One entry of 32 bytes and its place on the disk. */
interface PlacedEntry {
  readonly place: number
  readonly bytes: Buffer
}

export interface ExfatEntry {
  readonly name: Buffer
  readonly file: PlacedEntry
  readonly stream: PlacedEntry
}

async function* entries(pieces: AsyncIterable<FolderPiece>): AsyncGenerator<PlacedEntry> {
  for await (const { place, bytes } of pieces)
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      if (bytes[at] === END) return
      yield { place: place + at, bytes: bytes.subarray(at, at + ENTRY_BYTES) }
    }
}

/**
 * Files and folders. A set that is damaged does not hide the ones behind it: the first damage is
 * thrown when all others have been given.
 */
export async function* folderEntries(
  pieces: AsyncIterable<FolderPiece>,
): AsyncGenerator<ExfatEntry> {
  let set: PlacedEntry[] = []
  let wanted = 0
  const harm: unknown[] = []
  for await (const entry of entries(pieces)) {
    if (entry.bytes[0] === FILE) {
      if (wanted > 0) harm.push(brokenSet(set))
      set = [entry]
      wanted = 1 + entry.bytes.readUInt8(1)
      if (wanted < 3 || wanted > 1 + MAX_SECONDARY) {
        harm.push(brokenSet(set))
        wanted = 0
      }
      continue
    }
    if (wanted === 0) continue
    // Bit 6 marks what belongs to the entry before; bit 7 that it is in use.
    if ((entry.bytes.readUInt8(0) & 0xc0) !== 0xc0) {
      harm.push(brokenSet(set))
      wanted = 0
      continue
    }
    set.push(entry)
    if (set.length < wanted) continue
    wanted = 0
    const whole = tried(set, harm)
    if (whole) yield whole
  }
  if (wanted > 0) harm.push(brokenSet(set))
  if (harm.length > 0) throw harm[0]
}

function tried(set: readonly PlacedEntry[], harm: unknown[]): ExfatEntry | undefined {
  const [file, stream] = set
  if (!file || stream?.bytes[0] !== STREAM) {
    harm.push(brokenSet(set))
    return undefined
  }
  try {
    const whole = Buffer.concat(set.map((entry) => entry.bytes))
    return { name: nameOf(whole, `exfat: the entry at ${file.place}`), file, stream }
  } catch (error) {
    harm.push(error)
    return undefined
  }
}

function brokenSet(set: readonly PlacedEntry[]): Error {
  return damaged(`exfat: the entries from ${set[0]?.place ?? 0} on do not belong together`)
}

export async function findLabel(pieces: AsyncIterable<FolderPiece>): Promise<string> {
  for await (const { bytes } of entries(pieces)) {
    if (bytes[0] !== LABEL) continue
    const length = Math.min(bytes.readUInt8(1), 11)
    return bytes.toString('utf16le', 2, 2 + length * 2)
  }
  return ''
}

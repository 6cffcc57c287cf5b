import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where things lie in a pack: docs/store-format.md. */
const TRAILER_BYTES = 56
const ENTRY_BYTES = 60
const RECORD_HEADER_BYTES = 80

export interface PackRecord {
  readonly chunk: number
  readonly offset: number
  readonly storedOffset: number
  readonly storedLength: number
}

export interface PackFile {
  readonly path: string
  readonly bytes: number
  readonly footerOffset: number
  readonly records: readonly PackRecord[]
}

/** All packs of a volume, the oldest first. */
export async function packFiles(volume: string): Promise<PackFile[]> {
  const names = await readdir(join(volume, 'packs'), { recursive: true })
  const packs = names.filter((name) => name.endsWith('.pack')).map((n) => join(volume, 'packs', n))
  const read = await Promise.all(packs.map(readPackFile))
  return read.sort((a, b) => (a.records[0]?.chunk ?? 0) - (b.records[0]?.chunk ?? 0))
}

async function readPackFile(path: string): Promise<PackFile> {
  const file = await readFile(path)
  const trailer = file.length - TRAILER_BYTES
  const footerOffset = Number(file.readBigUInt64LE(trailer))
  const count = file.readUInt32LE(trailer + 8)
  const records = Array.from({ length: count }, (_, at) => {
    const entry = footerOffset + at * ENTRY_BYTES
    const offset = file.readUInt32LE(entry + 8)
    return {
      chunk: Number(file.readBigUInt64LE(entry)),
      offset,
      storedOffset: offset + RECORD_HEADER_BYTES,
      storedLength: file.readUInt32LE(entry + 12),
    }
  })
  return { path, bytes: file.length, footerOffset, records }
}

/** Flips one bit; doing it again puts it right. */
export async function flipBit(path: string, offset: number, bit = 3): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, offset)
    byte.writeUInt8(byte.readUInt8(0) ^ (1 << bit))
    await handle.write(byte, 0, 1, offset)
  } finally {
    await handle.close()
  }
}

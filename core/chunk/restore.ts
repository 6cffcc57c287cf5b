import { hash } from 'node:crypto'
import { HoldfastError } from '../model/error.ts'
import { chunkLength, chunkOffset } from '../model/geometry.ts'
import type { ChunkCodec } from './codec.ts'
import { CODEC_PLAIN, decodePlace } from './record.ts'
import { recordBody, recordDigest } from './record-header.ts'
import { recordsOf, type FoundRecord } from './record-list.ts'

/** The disk that records are for. */
export interface RestoredDisk {
  readonly ordinal: number
  readonly name: string
  readonly sizeBytes: number
  readonly chunkBytes: number
}

/** Plain bytes that lie side by side on the disk. `at`: where they lie in the room given. */
export interface PlainPiece {
  readonly diskOffset: number
  readonly at: number
  length: number
}

/**
 * Decodes and proves the records of `bytes` from byte `from` on, until `room` (at least one chunk)
 * is full; `next` is where to go on. Throws 'chunk-damaged' when a chunk is not what its digest
 * says, before any byte of it is used.
 */
export function decodeInto(
  room: Buffer,
  bytes: Buffer,
  from: number,
  disk: RestoredDisk,
  codec: ChunkCodec,
): { pieces: PlainPiece[]; next: number } {
  const pieces: PlainPiece[] = []
  let at = 0
  for (const record of recordsOf(bytes.subarray(from))) {
    if (at + record.plainLength > room.length) return { pieces, next: from + record.offset }
    const diskOffset = placeOnDisk(record, disk)
    const plain = room.subarray(at, at + record.plainLength)
    openRecord(bytes.subarray(from), record, plain, codec, disk)
    append(pieces, { diskOffset, at, length: plain.length })
    at += plain.length
  }
  return { pieces, next: bytes.length }
}

function placeOnDisk(record: FoundRecord, disk: RestoredDisk): number {
  const { ordinal, index } = decodePlace(record.place)
  const fits =
    ordinal === disk.ordinal &&
    record.plainLength === chunkLength(index, disk.sizeBytes, disk.chunkBytes)
  if (!fits)
    throw new HoldfastError(
      'protocol-violation',
      `A record for chunk ${index} of disk ${ordinal} does not fit disk ${disk.name}`,
    )
  return chunkOffset(index, disk.chunkBytes)
}

function openRecord(
  bytes: Buffer,
  record: FoundRecord,
  plain: Buffer,
  codec: ChunkCodec,
  disk: RestoredDisk,
): void {
  const body = recordBody(bytes, record.offset, record.storedLength)
  try {
    if (record.codec === CODEC_PLAIN) plain.set(body)
    else codec.decompress(body, plain)
  } catch (error) {
    throw damaged(record, disk, 'does not decompress', error)
  }
  if (!recordDigest(bytes, record.offset).equals(hash('sha256', plain, 'buffer')))
    throw damaged(record, disk, 'does not match its digest')
}

function append(pieces: PlainPiece[], piece: PlainPiece): void {
  const last = pieces.at(-1)
  if (last && last.diskOffset + last.length === piece.diskOffset) last.length += piece.length
  else pieces.push(piece)
}

function damaged(
  record: FoundRecord,
  disk: RestoredDisk,
  problem: string,
  cause?: unknown,
): HoldfastError {
  const offset = chunkOffset(decodePlace(record.place).index, disk.chunkBytes)
  const where = `The chunk at offset ${offset} of disk ${disk.name}`
  return new HoldfastError('chunk-damaged', `${where} ${problem}`, {
    hint: 'Run a verification; a consistency check of the data source heals what it still has.',
    details: { ordinal: disk.ordinal, disk: disk.name, offset, length: record.plainLength },
    cause,
  })
}

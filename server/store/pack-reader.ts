import { crc32 } from 'node:zlib'
import { openCodec, type ChunkCodec } from '../../core/chunk/codec.ts'
import {
  CODEC_PLAIN,
  CODEC_ZSTD,
  MAX_CHUNK_BYTES,
  RECORD_HEADER_BYTES,
  RECORD_OFFSETS,
} from '../../core/chunk/record.ts'
import { ALGORITHM_SHA256, digestOf } from '../../core/model/digest.ts'
import type { StoredRecord } from './chunk-store.ts'
import {
  decodeFooter,
  decodePackHeader,
  decodeTrailer,
  entryOfRecord,
  PACK_ENTRY_BYTES,
  PACK_FORMAT,
  PACK_HEADER_BYTES,
  PACK_TRAILER_BYTES,
  trailerDigest,
  type PackEntry,
  type PackHeader,
} from './pack-format.ts'
import { HoldfastError } from '../../core/model/error.ts'

const WINDOW_BYTES = 4 * 1024 * 1024

/** Bytes of one pack from anywhere; fills `into` or throws. */
export interface PackBytes {
  readonly name: string
  readonly length: number
  read(offset: number, into: Buffer): Promise<void>
}

/** Header, and the footer where it is whole; else why not. */
export interface PackOutline {
  readonly header: PackHeader | undefined
  readonly entries: readonly PackEntry[] | undefined
  readonly damage: string | undefined
}

export async function readOutline(pack: PackBytes): Promise<PackOutline> {
  if (pack.length < PACK_HEADER_BYTES)
    return { header: undefined, entries: undefined, damage: 'shorter than a header' }
  const headerBytes = await readPart(pack, 0, PACK_HEADER_BYTES)
  const header = decodePackHeader(headerBytes)
  if (header && header.format > PACK_FORMAT) throw newer(pack.name, header.format)
  const broken = (damage: string): PackOutline => ({ header, entries: undefined, damage })
  if (!header) return broken('its header is damaged')
  const tail = Math.max(pack.length - PACK_TRAILER_BYTES, 0)
  const trailer = decodeTrailer(await readPart(pack, tail, pack.length - tail))
  if (!trailer) return broken('it has no trailer: never sealed, cut, or damaged')
  if (trailer.footerOffset + trailer.records * PACK_ENTRY_BYTES !== tail)
    return broken('its trailer does not fit its length')
  const footer = await readPart(pack, trailer.footerOffset, tail - trailer.footerOffset)
  if (!trailerDigest(headerBytes, footer).equals(trailer.digest))
    return broken('header or footer differ from their digest')
  if (header.name !== pack.name) return broken(`it says that it is ${header.name}`)
  return { header, entries: decodeFooter(footer), damage: undefined }
}

async function readPart(pack: PackBytes, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  await pack.read(offset, bytes)
  return bytes
}

function newer(name: string, format: number): HoldfastError {
  return new HoldfastError('store-newer', `pack ${name} has format ${format}`, {
    hint: `This release reads packs up to format ${PACK_FORMAT}. Install a newer Holdfast.`,
  })
}

/** A record as it lies in a pack, with the entry that the footer has, or should have, of it. */
export interface ScannedRecord extends PackEntry {
  readonly body: StoredRecord['body']
}

/** Records as the footer lists them; body or damage each. Reads forward, 4 MiB at a time. */
export async function* scanEntries(
  pack: PackBytes,
  entries: readonly PackEntry[],
): AsyncGenerator<ScannedRecord> {
  const window = new Window(pack)
  for (const entry of entries) {
    const length = RECORD_HEADER_BYTES + entry.storedLength
    if (entry.offset + length > pack.length) {
      yield { ...entry, body: { damage: 'beyond the end of the pack' } }
      continue
    }
    const record = await window.at(entry.offset, length)
    const damage = differsFromEntry(record, entry)
    const body = damage === undefined ? record.subarray(RECORD_HEADER_BYTES) : { damage }
    yield { ...entry, body }
  }
}

function differsFromEntry(record: Buffer, entry: PackEntry): string | undefined {
  if (crc32(record.subarray(0, RECORD_HEADER_BYTES)) !== entry.headerCrc32)
    return 'the header of the record is damaged'
  if (
    crc32(record.subarray(RECORD_HEADER_BYTES)) !== record.readUInt32LE(RECORD_OFFSETS.storedCrc32)
  )
    return 'the stored bytes differ from their CRC'
  return undefined
}

/**
 * Records found without a footer, by walking from header to header. Nothing vouches for a header
 * here, so each record has to hash to its digest. Ends where no record begins.
 */
export async function* walkRecords(pack: PackBytes): AsyncGenerator<ScannedRecord> {
  const window = new Window(pack)
  const codec = openCodec()
  try {
    let at = PACK_HEADER_BYTES
    while (at + RECORD_HEADER_BYTES <= pack.length) {
      const entry = entryOfRecord(await window.at(at, RECORD_HEADER_BYTES), at)
      if ('damage' in entry) return
      const end = at + RECORD_HEADER_BYTES + entry.storedLength
      if (end > pack.length) return
      const record = await window.at(at, end - at)
      const damage = recordDamage(codec, record)
      const body = damage === undefined ? record.subarray(RECORD_HEADER_BYTES) : { damage }
      yield { ...entry, body }
      at = end
    }
  } finally {
    codec.close()
  }
}

/** What is wrong with one whole record by its own header: CRC, decompression, digest. */
export function recordDamage(codec: ChunkCodec, record: Buffer): string | undefined {
  const entry = entryOfRecord(record, 0)
  if ('damage' in entry) return entry.damage
  const body = record.subarray(RECORD_HEADER_BYTES)
  if (body.length !== entry.storedLength) return 'the stored length is not that of the record'
  if (crc32(body) !== record.readUInt32LE(RECORD_OFFSETS.storedCrc32))
    return 'the stored bytes differ from their CRC'
  if (entry.algorithm !== ALGORITHM_SHA256) return `unknown digest algorithm ${entry.algorithm}`
  const plain = plainOf(codec, entry, body)
  if (typeof plain === 'string') return plain
  if (crc32(plain) !== record.readUInt32LE(RECORD_OFFSETS.crc32))
    return 'the plain bytes differ from their CRC'
  return digestOf(plain).equals(entry.digest) ? undefined : 'the plain bytes differ from the digest'
}

function plainOf(codec: ChunkCodec, entry: PackEntry, body: Buffer): Buffer | string {
  if (entry.codec === CODEC_PLAIN)
    return body.length === entry.plainLength ? body : 'a plain record of another length'
  if (entry.codec !== CODEC_ZSTD) return `unknown codec ${entry.codec}`
  if (entry.plainLength > MAX_CHUNK_BYTES) return 'the plain length is beyond any chunk'
  const plain = Buffer.allocUnsafe(entry.plainLength)
  try {
    codec.decompress(body, plain)
  } catch {
    return 'the stored bytes do not decompress'
  }
  return plain
}

/** Reads forward in large pieces; what it gives is valid until the next call. */
class Window {
  readonly #pack: PackBytes
  #bytes = Buffer.alloc(0)
  #start = 0

  constructor(pack: PackBytes) {
    this.#pack = pack
  }

  async at(offset: number, length: number): Promise<Buffer> {
    const end = this.#start + this.#bytes.length
    if (offset < this.#start || offset + length > end) await this.#load(offset, length)
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length)
  }

  async #load(offset: number, length: number): Promise<void> {
    const size = Math.min(Math.max(length, WINDOW_BYTES), this.#pack.length - offset)
    const bytes = size === this.#bytes.length ? this.#bytes : Buffer.allocUnsafe(size)
    await this.#pack.read(offset, bytes)
    this.#bytes = bytes
    this.#start = offset
  }
}

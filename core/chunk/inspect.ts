import { crc32 } from 'node:zlib'
import { DIGEST_BYTES, digestOf, ZERO_DIGEST } from '../model/digest.ts'
import { HoldfastError } from '../model/error.ts'
import type { ChunkCodec } from './codec.ts'
import { CODEC_PLAIN, decodePlace, MAX_CHUNK_BYTES, RECORD_OFFSETS } from './record.ts'
import { recordBody, recordDigest } from './record-header.ts'
import { recordsOf, type FoundRecord } from './record-list.ts'
import { isZero } from './zero-test.ts'

/** What is known of each record of a buffer, one entry a record, in the order of the buffer. */
export interface RecordTable {
  readonly count: number
  readonly offsets: Uint32Array
  /** Header and stored bytes. */
  readonly totalBytes: Uint32Array
  /** As encoded by `encodePlace`. */
  readonly places: Float64Array
  readonly storedLengths: Uint32Array
  readonly plainLengths: Uint32Array
  /** CRC-32 of the plain bytes. */
  readonly crcs: Uint32Array
  readonly codecs: Uint8Array
  /** 1: the chunk is all zeros, which is legal to send and never stored. */
  readonly zeros: Uint8Array
  /** 32 bytes each. */
  readonly digests: Buffer
}

const scratch = Buffer.allocUnsafeSlow(MAX_CHUNK_BYTES)

/**
 * Proves every record of `bytes` and completes its header: digest and CRC-32 of the stored bytes.
 * Throws 'protocol-violation' when the bytes are no records, 'chunk-mismatch' when a chunk is not
 * what its sender read.
 */
export function inspectRecords(bytes: Buffer, codec: ChunkCodec): RecordTable {
  const records = [...recordsOf(bytes)]
  const digests = Buffer.allocUnsafeSlow(records.length * DIGEST_BYTES)
  const zeros = new Uint8Array(records.length)
  records.forEach((record, i) => {
    const plain = plainBytes(bytes, record, codec)
    const digest = digestOf(plain)
    compareWithSender(bytes, record, digest)
    complete(bytes, record, digest)
    digests.set(digest, i * DIGEST_BYTES)
    zeros[i] = isZero(plain) ? 1 : 0
  })
  return { ...tableOf(records), zeros, digests }
}

/** Only until the next call: the bytes may lie in the scratch memory. */
function plainBytes(bytes: Buffer, record: FoundRecord, codec: ChunkCodec): Buffer {
  const body = recordBody(bytes, record.offset, record.storedLength)
  const plain = record.codec === CODEC_PLAIN ? body : scratch.subarray(0, record.plainLength)
  if (record.codec !== CODEC_PLAIN) {
    try {
      codec.decompress(body, plain)
    } catch (error) {
      throw mismatch(record, 'does not decompress', error)
    }
  }
  if (crc32(plain) !== record.crc32) throw mismatch(record, 'has another CRC-32 than was read')
  return plain
}

function compareWithSender(bytes: Buffer, record: FoundRecord, digest: Buffer): void {
  const sent = recordDigest(bytes, record.offset)
  if (!sent.equals(digest) && !sent.equals(ZERO_DIGEST))
    throw mismatch(record, 'has another digest than its sender gave')
}

function complete(bytes: Buffer, record: FoundRecord, digest: Buffer): void {
  const { offset, storedLength, codec } = record
  const stored =
    codec === CODEC_PLAIN ? record.crc32 : crc32(recordBody(bytes, offset, storedLength))
  bytes.writeUInt32LE(stored, offset + RECORD_OFFSETS.storedCrc32)
  bytes.set(digest, offset + RECORD_OFFSETS.digest)
}

function tableOf(records: readonly FoundRecord[]): Omit<RecordTable, 'zeros' | 'digests'> {
  return {
    count: records.length,
    offsets: Uint32Array.from(records, (r) => r.offset),
    totalBytes: Uint32Array.from(records, (r) => r.totalBytes),
    places: Float64Array.from(records, (r) => r.place),
    storedLengths: Uint32Array.from(records, (r) => r.storedLength),
    plainLengths: Uint32Array.from(records, (r) => r.plainLength),
    crcs: Uint32Array.from(records, (r) => r.crc32),
    codecs: Uint8Array.from(records, (r) => r.codec),
  }
}

function mismatch(record: FoundRecord, problem: string, cause?: unknown): HoldfastError {
  const { ordinal, index } = decodePlace(record.place)
  return new HoldfastError('chunk-mismatch', `Chunk ${index} of disk ${ordinal} ${problem}`, {
    hint: 'It changed between the agent and the server; the next attempt sends it again.',
    cause,
  })
}

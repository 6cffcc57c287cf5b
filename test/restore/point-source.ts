import { crc32 } from 'node:zlib'
import type { ServerLink } from '../../agent/link/server-link.ts'
import { compressBound, openCodec } from '../../core/chunk/codec.ts'
import {
  CODEC_PLAIN,
  CODEC_ZSTD,
  encodePlace,
  RECORD_HEADER_BYTES,
} from '../../core/chunk/record.ts'
import { writeRecordHeader, type NewRecord } from '../../core/chunk/record-header.ts'
import { DIGEST_BYTES, digestOf } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkCount, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { digestRoot, pageDigest } from '../../core/model/page-digest.ts'
import type { PullFrameIn } from '../../core/wire/frame.ts'
import type { PullRequest } from '../../core/wire/generated/holdfast/v1/PullRequest.ts'
import type { RestoreDisk__Output } from '../../core/wire/generated/holdfast/v1/RestoreDisk.ts'

export interface PointDisk {
  readonly name: string
  readonly bytes: Buffer
  readonly chunkBytes: number
  readonly format: string
}

export interface Faults {
  /** Chunk whose stored bytes are flipped after its digest was taken. */
  damagedChunk?: number
  /** The connection is cut before the frame of this number, once each. */
  cutBeforeFrames?: number[]
  /** The end names another digest root. */
  wrongRoot?: boolean
  /** Called before each frame. */
  beforeFrame?: (frame: number) => Promise<void> | void
}

const FRAME_CHUNKS = 5

/** Sends real records of disks in memory, as the server would. */
export class PointSource implements Pick<ServerLink, 'pull'> {
  readonly requests: PullRequest[] = []
  readonly #disks: readonly PointDisk[]
  readonly #faults: Faults
  #frames = 0

  constructor(disks: readonly PointDisk[], faults: Faults = {}) {
    this.#disks = disks
    this.#faults = faults
  }

  restoreDisks(): RestoreDisk__Output[] {
    return this.#disks.map(({ name, bytes, chunkBytes, format }, ordinal) => ({
      ordinal,
      name,
      sizeBytes: bytes.length,
      chunkBytes,
      sourceFormat: format,
      allocatedBytes: chunksOf(bytes, chunkBytes).reduce(
        (sum, c) => sum + (c.zero ? 0 : c.plain.length),
        0,
      ),
    }))
  }

  async *pull(request: PullRequest, signal?: AbortSignal): AsyncGenerator<PullFrameIn> {
    this.requests.push(request)
    const ordinal = Number(request.ordinal)
    const disk = this.#disks[ordinal]
    if (!disk) throw new HoldfastError('not-found', `no disk ${ordinal}`)
    const chunks = chunksOf(disk.bytes, disk.chunkBytes)
    const { firstChunk = 0, endChunk, have } = request
    const [first, last] = [Number(firstChunk), Number(endChunk ?? chunks.length)]
    for (let at = Number(request.fromChunk); at < last;) {
      await this.#beforeFrame()
      signal?.throwIfAborted()
      if (isHad(chunks[at]!, have, at - first)) {
        yield { runs: { ordinal, runs: [{ kind: 'BASE', start: at, count: 1 }] } }
        at++
        continue
      }
      const zero = chunks[at]!.zero
      let end = at
      while (
        !isHad(chunks[end] ?? chunks[at]!, have, end - first) &&
        end < last &&
        chunks[end]!.zero === zero &&
        (zero || end - at < FRAME_CHUNKS)
      )
        end++
      if (zero) yield { runs: { ordinal, runs: [{ kind: 'ZERO', start: at, count: end - at }] } }
      else yield { records: this.#records(ordinal, chunks, at, end) }
      at = end
    }
    const digestRoot = this.#root(disk, first, last)
    yield { end: { chunks: chunks.length, records: 0, digestRoot } }
  }

  async #beforeFrame(): Promise<void> {
    const frame = this.#frames++
    await this.#faults.beforeFrame?.(frame)
    if (this.#faults.cutBeforeFrames?.includes(frame) === true)
      throw new HoldfastError('server-unreachable', 'planned cut')
  }

  #records(ordinal: number, chunks: Chunk[], from: number, to: number): Buffer {
    const records = chunks.slice(from, to).map((chunk, i) => {
      const record = recordOf(ordinal, from + i, chunk.plain)
      if (from + i === this.#faults.damagedChunk) record[record.length - 1]! ^= 1
      return record
    })
    // Memory of its own, as the link gives it.
    const joined = Buffer.concat(records)
    return Buffer.from(new Uint8Array(joined).buffer)
  }

  #root(disk: PointDisk, first: number, end: number): Buffer {
    const root = rootOf(disk, first, end)
    if (this.#faults.wrongRoot === true) root[0]! ^= 1
    return root
  }
}

interface Chunk {
  readonly plain: Buffer
  readonly zero: boolean
}

function chunksOf(bytes: Buffer, chunkBytes: number): Chunk[] {
  return Array.from({ length: chunkCount(bytes.length, chunkBytes) }, (_, i) => {
    const plain = bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes)
    return { plain, zero: plain.every((byte) => byte === 0) }
  })
}

const codec = openCodec()

function recordOf(ordinal: number, index: number, plain: Buffer): Buffer {
  const record = Buffer.alloc(RECORD_HEADER_BYTES + compressBound(plain.length))
  const packed = codec.compress(plain, record.subarray(RECORD_HEADER_BYTES), 1)
  if (packed === 0) plain.copy(record, RECORD_HEADER_BYTES)
  const storedLength = packed === 0 ? plain.length : packed
  const body = record.subarray(RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + storedLength)
  const header: NewRecord = {
    storedLength,
    plainLength: plain.length,
    codec: packed === 0 ? CODEC_PLAIN : CODEC_ZSTD,
    place: encodePlace(ordinal, index),
    crc32: crc32(plain),
    storedCrc32: crc32(body),
  }
  writeRecordHeader(record, 0, header, digestOf(plain))
  return record.subarray(0, RECORD_HEADER_BYTES + storedLength)
}

/** Whether the target has told that it has this chunk, the `at`th of what it told of. */
function isHad(chunk: Chunk, have: unknown, at: number): boolean {
  if (!Buffer.isBuffer(have)) return false
  return digestIn(chunk).equals(have.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES))
}

function digestIn({ plain, zero }: Chunk): Buffer {
  return zero ? Buffer.alloc(DIGEST_BYTES) : digestOf(plain)
}

function rootOf({ bytes, chunkBytes }: PointDisk, first: number, end: number): Buffer {
  const digests = chunksOf(bytes, chunkBytes).slice(first, end).map(digestIn)
  const pages: Buffer[] = []
  for (let at = 0; at < digests.length; at += PAGE_CHUNKS)
    pages.push(pageDigest(Buffer.concat(digests.slice(at, at + PAGE_CHUNKS))))
  return digestRoot(pages)
}

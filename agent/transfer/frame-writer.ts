import { compressBound, type ChunkCodec } from '../../core/chunk/codec.ts'
import {
  CODEC_PLAIN,
  CODEC_ZSTD,
  encodePlace,
  RECORD_HEADER_BYTES,
} from '../../core/chunk/record.ts'
import { writeRecordHeader } from '../../core/chunk/record-header.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import type { ClaimFrame, ReadDisk } from './read-task.ts'

/** Compresses chunks straight into the buffers that will be sent. */
export class FrameWriter {
  readonly frames: ClaimFrame[] = []
  readonly #codec: ChunkCodec
  readonly #disk: ReadDisk
  readonly #buffers: readonly Buffer[]
  #buffer = 0
  #at = 0
  #open: { begin: number; last: number; count: number } | undefined

  constructor(codec: ChunkCodec, disk: ReadDisk, buffers: readonly ArrayBuffer[]) {
    this.#codec = codec
    this.#disk = disk
    this.#buffers = buffers.map((memory) => Buffer.from(memory))
  }

  /** Chunks rise; those between them are told as runs, ahead of the frame. */
  record(index: number, plain: Buffer, crc32: number, digest: Uint8Array | undefined): void {
    const buffer = this.#bufferFor(plain.length)
    this.#open ??= this.#begin()
    const bodyAt = this.#at + RECORD_HEADER_BYTES
    const room = buffer.subarray(bodyAt, bodyAt + compressBound(plain.length))
    const compressed = this.#codec.compress(plain, room, this.#disk.level)
    if (compressed === 0) room.set(plain)
    const storedLength = compressed === 0 ? plain.length : compressed
    const header = {
      storedLength,
      plainLength: plain.length,
      codec: compressed === 0 ? CODEC_PLAIN : CODEC_ZSTD,
      place: encodePlace(this.#disk.ordinal, index),
      crc32,
      storedCrc32: 0, // the server fills it in
    } as const
    writeRecordHeader(buffer, this.#at, header, digest)
    this.#at = bodyAt + storedLength
    this.#open.count++
    this.#open.last = index
  }

  endFrame(): void {
    if (!this.#open) return
    this.frames.push({ buffer: this.#buffer, end: this.#at, ...this.#open })
    this.#open = undefined
  }

  /** The buffer that holds one more record of this length at worst; the next when it is full. */
  #bufferFor(plainLength: number): Buffer {
    const overhead = FRAME_PREFIX_BYTES + RECORD_HEADER_BYTES
    const needed = overhead + compressBound(plainLength)
    if (this.#at + needed > (this.#buffers[this.#buffer]?.length ?? 0)) {
      this.endFrame()
      this.#buffer++
      this.#at = 0
    }
    const buffer = this.#buffers[this.#buffer]
    if (!buffer) throw new RangeError('a claim came with too few buffers')
    return buffer
  }

  #begin(): { begin: number; last: number; count: number } {
    const begin = this.#at
    this.#at += FRAME_PREFIX_BYTES
    return { begin, last: 0, count: 0 }
  }
}

import { crc32 } from 'node:zlib'
import type { ChunkCodec } from '../../core/chunk/codec.ts'
import { readFully } from '../../core/chunk/read-region.ts'
import { isZero } from '../../core/chunk/zero-test.ts'
import { DIGEST_BYTES, digestOf } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkLength, chunkOffset } from '../../core/model/geometry.ts'
import { RUN_KINDS } from '../../core/model/pass-checksum.ts'
import { DATA, READ } from './claims.ts'
import { FrameWriter } from './frame-writer.ts'
import type { ReadReply, ReadTask } from './read-task.ts'

/** Bytes of one read: more gains nothing and leaves the processor's cache. */
const READ_BYTES = 1024 * 1024
/** Media that fail once sometimes give way. */
const READ_TRIES = 3
const MEDIA_ERRORS = new Set(['EIO', 'EREMOTEIO', 'ENODATA', 'EILSEQ', 'EBADMSG', 'EUCLEAN'])

const scratch = Buffer.allocUnsafeSlow(READ_BYTES)

/**
 * One claim from the disk's bytes to frames, wholly synchronous:
 * 1. read runs of chunks that need a look, at most READ_BYTES at once;
 * 2. zero test;
 * 3. with a map: SHA-256, equal to the base's or the staged chunk's: nothing to send;
 * 4. CRC-32 of all that is not the base's; compress into the outgoing buffer.
 */
export function readClaim(task: ReadTask, codec: ChunkCodec): ReadReply {
  const reader = new ClaimReader(task, codec)
  reader.readAll()
  return reader.reply()
}

class ClaimReader {
  readonly #task: ReadTask
  readonly #states: Uint8Array
  readonly #crcs: Uint32Array
  readonly #writer: FrameWriter
  #readBytes = 0
  #comparedBytes = 0

  constructor(task: ReadTask, codec: ChunkCodec) {
    this.#task = task
    this.#states = task.states
    this.#crcs = new Uint32Array(task.states.length)
    this.#writer = new FrameWriter(codec, task.disk, task.buffers)
  }

  readAll(): void {
    for (let i = 0, place = 0; i < this.#states.length;) {
      if (this.#states[i] !== READ) {
        // One that could not be handed over has its place all the same.
        if (this.#states[i] === RUN_KINDS.UNREADABLE) place++
        i++
        continue
      }
      if (Atomics.load(this.#task.stop, 0) !== 0) break
      const count = this.#readable(i)
      this.#readRun(i, count, place)
      i += count
      place += count
    }
    this.#writer.endFrame()
  }

  reply(): ReadReply {
    const { buffers, from } = this.#task
    return {
      states: this.#states,
      crcs: this.#crcs,
      frames: this.#writer.frames,
      buffers,
      plain: 'plain' in from ? from.plain : undefined,
      readBytes: this.#readBytes,
      comparedBytes: this.#comparedBytes,
    }
  }

  /** Neighbouring chunks from `i` on that one read takes. */
  #readable(i: number): number {
    const most = Math.max(1, Math.floor(READ_BYTES / this.#task.disk.chunkBytes))
    let count = 1
    while (count < most && this.#states[i + count] === READ) count++
    return count
  }

  /** `place`: how many of the claim's chunks to read lie before this one. */
  #readRun(i: number, count: number, place: number): void {
    const { chunkBytes } = this.#task.disk
    const bytes = this.#load(i, count, place)
    if (bytes) {
      for (let k = 0; k < count; k++)
        this.#judge(i + k, bytes.subarray(k * chunkBytes, (k + 1) * chunkBytes))
    } else if (count > 1) {
      for (let k = 0; k < count; k++) this.#readRun(i + k, 1, place + k)
    } else {
      this.#states[i] = RUN_KINDS.UNREADABLE
    }
  }

  /** The bytes of `count` chunks; undefined when the medium does not give them. */
  #load(i: number, count: number, place: number): Buffer | undefined {
    const { disk, start, from } = this.#task
    const offset = chunkOffset(start + i, disk.chunkBytes)
    const length = Math.min(count * disk.chunkBytes, disk.sizeBytes - offset)
    if ('plain' in from) return Buffer.from(from.plain, place * disk.chunkBytes, length)
    const into = scratch.subarray(0, length)
    for (let attempt = 1; attempt <= READ_TRIES; attempt++) {
      try {
        const got = readFully(from.fd, into, offset)
        if (got < length) throw shortened(disk.name, offset + got)
        return into
      } catch (error) {
        if (!isMediaError(error)) throw unreadable(disk.name, offset, error)
        if (count > 1) return undefined // one by one, each with tries of its own
      }
    }
    return undefined
  }

  #judge(i: number, plain: Buffer): void {
    const index = this.#task.start + i
    const { sizeBytes, chunkBytes } = this.#task.disk
    if (plain.length !== chunkLength(index, sizeBytes, chunkBytes))
      throw new RangeError(`chunk ${index} came with ${plain.length} bytes`)
    this.#readBytes += plain.length
    if (isZero(plain)) return void (this.#states[i] = RUN_KINDS.ZERO)
    const digest = this.#task.known ? digestOf(plain) : undefined
    if (digest) this.#comparedBytes += plain.length
    if (digest && this.#equals('base', i, digest)) {
      // Nobody checks a CRC of it; that two passes read the same, the digest says better.
      this.#note(i, digest.readUInt32LE(0))
      return void (this.#states[i] = RUN_KINDS.BASE)
    }
    const crc = crc32(plain)
    this.#note(i, crc)
    if (digest && this.#equals('staged', i, digest))
      return void (this.#states[i] = RUN_KINDS.STAGED)
    this.#states[i] = DATA
    this.#writer.record(index, plain, crc, digest)
  }

  /** What stands for the chunk in the checksum of the pass. */
  #note(i: number, crc: number): void {
    this.#crcs[i] = crc === 0 ? 1 : crc // 0 says: not read
  }

  #equals(kind: 'base' | 'staged', i: number, digest: Buffer): boolean {
    const known = this.#task.known?.[kind]
    if (!known) return false
    return digest.compare(known, i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES) === 0
  }
}

function isMediaError(error: unknown): boolean {
  return MEDIA_ERRORS.has((error as NodeJS.ErrnoException).code ?? '')
}

/** Not the medium but the whole file or device: no point can be made of it. */
function unreadable(name: string, offset: number, cause: unknown): HoldfastError {
  if (cause instanceof HoldfastError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new HoldfastError(
    'source-unreadable',
    `Disk ${name} cannot be read at ${offset}: ${why}`,
    {
      hint: 'Look whether the image or its file system is still there.',
      cause,
    },
  )
}

function shortened(name: string, end: number): HoldfastError {
  return new HoldfastError(
    'source-unsettled',
    `Disk ${name} ends at byte ${end} while it is read`,
    {
      hint: 'It shrank under the read: take the point again when nothing resizes it.',
    },
  )
}

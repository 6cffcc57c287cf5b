import type { FileHandle } from 'node:fs/promises'
import { alignedMemory, DIRECT_UNIT } from './aligned-memory.ts'
import { openDirect } from './open-direct.ts'

/** Bytes. Below it the page cache is quicker than opening the file once more. */
const LARGE = 4 * 1024 * 1024
const STAGE_BYTES = 1024 * 1024

/** Aligned memory cannot be freed: what one file no longer needs is kept for the next. */
const idle: Buffer[] = []

interface Stage {
  readonly memory: Buffer
  filled: number
}

/**
 * Writes a file from its beginning to its end. A large one goes past the page cache, a piece being
 * written while the next is gathered: what guests have in that cache stays there. What fails is thrown by
 * one of the calls that follow. The handle stays the caller's.
 */
export class SequentialWriter {
  readonly #handle: FileHandle
  readonly #direct: FileHandle | undefined
  #position = 0
  #gathered: Stage | undefined
  #written: Promise<void> = Promise.resolve()

  private constructor(handle: FileHandle, direct: FileHandle | undefined) {
    this.#handle = handle
    this.#direct = direct
  }

  static async open(handle: FileHandle, sizeBytes: number): Promise<SequentialWriter> {
    const isLarge = sizeBytes >= LARGE
    return new SequentialWriter(
      handle,
      isLarge ? await openDirect(`/proc/self/fd/${handle.fd}`) : undefined,
    )
  }

  /** How far it has come, what is being written included. */
  get at(): number {
    return this.#position + (this.#gathered?.filled ?? 0)
  }

  /** The bytes may be used again as soon as it is done. */
  async write(given: Uint8Array): Promise<void> {
    const bytes = asBuffer(given)
    if (!this.#direct) {
      await writeFully(this.#handle, bytes, this.#position)
      this.#position += bytes.length
      return
    }
    for (let from = 0; from < bytes.length;) {
      const stage = (this.#gathered ??= { memory: takeMemory(), filled: 0 })
      // What follows a hole may begin within a unit: its piece ends with one.
      const room = STAGE_BYTES - (this.#position % DIRECT_UNIT)
      const copied = bytes.copy(stage.memory, stage.filled, from, from + room - stage.filled)
      stage.filled += copied
      from += copied
      if (stage.filled === room) await this.#send(this.#direct)
    }
  }

  async hole(length: number): Promise<void> {
    if (this.#direct) await this.#send(this.#direct)
    this.#position += length
  }

  /** Everything is written, not synced. */
  async finish(): Promise<void> {
    try {
      if (this.#direct) await this.#send(this.#direct)
      await this.#written
    } finally {
      await this.abandon()
    }
  }

  async abandon(): Promise<void> {
    await this.#written.catch(() => {}) // what failed has been thrown, or nobody asks any more
    if (this.#gathered) idle.push(this.#gathered.memory)
    this.#gathered = undefined
    await this.#direct?.close()
  }

  /** Begins to write what is gathered, once the piece before it is written. */
  async #send(direct: FileHandle): Promise<void> {
    await this.#written
    const stage = this.#gathered
    if (!stage) return
    const bytes = stage.memory.subarray(0, stage.filled)
    this.#written = writePiece(this.#handle, direct, bytes, this.#position).finally(() => {
      idle.push(stage.memory)
    })
    this.#written.catch(() => {}) // thrown when the next piece is sent, or at the end
    this.#position += stage.filled
    this.#gathered = undefined
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function takeMemory(): Buffer {
  return idle.pop() ?? Buffer.from(alignedMemory(STAGE_BYTES))
}

async function writePiece(
  handle: FileHandle,
  direct: FileHandle,
  bytes: Buffer,
  position: number,
): Promise<void> {
  const isAligned = position % DIRECT_UNIT === 0
  const whole = isAligned ? bytes.length - (bytes.length % DIRECT_UNIT) : 0
  const done = await writeWhole(direct, bytes.subarray(0, whole), position)
  await writeFully(handle, bytes.subarray(done), position + done)
}

/** Gives how much was written: some file systems let themselves be opened that way and then refuse. */
async function writeWhole(direct: FileHandle, bytes: Buffer, position: number): Promise<number> {
  let done = 0
  try {
    while (done < bytes.length && done % DIRECT_UNIT === 0)
      done += (await direct.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  }
  return done
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
}

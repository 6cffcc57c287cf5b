import { open } from 'node:fs/promises'
import { freeMemory } from '../../core/chunk/chunk-task.ts'
import { Slots } from '../../core/chunk/slots.ts'
import type { DiskReader } from '../../core/disk/disk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkOffset } from '../../core/model/geometry.ts'
import { RUN_KINDS } from '../../core/model/pass-checksum.ts'
import type { SourceDisk } from '../source/source.ts'
import { READ, type Claim } from './claims.ts'
import type { ReadTask } from './read-task.ts'

/** Where the workers get a disk's bytes from. */
export interface ClaimInput {
  /** What the worker is to read from; may set chunks to UNREADABLE. */
  prepare(claim: Claim, signal: AbortSignal): Promise<ReadTask['from']>
  /** Memory that comes back with a reply. */
  giveBack(plain: ArrayBuffer | undefined): void
  close(): Promise<void>
}

export function openClaimInput(
  disk: SourceDisk,
  chunkBytes: number,
  readOfClaim: number,
): Promise<ClaimInput> {
  return disk.rawPath === undefined
    ? Promise.resolve(readerInput(disk.reader, chunkBytes, readOfClaim))
    : fileInput(disk.rawPath)
}

/** The workers read the file themselves, through one descriptor. */
async function fileInput(path: string): Promise<ClaimInput> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw notOpened(path, error)
  })
  return {
    prepare: async () => ({ fd: handle.fd }),
    giveBack: () => {},
    close: () => handle.close(),
  }
}

function notOpened(path: string, cause: unknown): HoldfastError {
  const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT'
  const why = cause instanceof Error ? cause.message : String(cause)
  return new HoldfastError(
    isGone ? 'source-missing' : 'source-unreadable',
    `${path} cannot be opened: ${why}`,
    { hint: 'Look whether it was moved or its permissions changed.', cause },
  )
}

/** Best size of an NBD request; larger ones make QEMU allocate bounce buffers. */
const REQUEST_BYTES = 256 * 1024
/** Claims being read at once: some twenty requests. */
const CLAIMS_READ = 2
const READ_TRIES = 3

/** Everything else is read here and handed over: chunks to read one behind the other, without what lies between. */
function readerInput(reader: DiskReader, chunkBytes: number, readOfClaim: number): ClaimInput {
  const reading = new Slots(CLAIMS_READ)
  const kept: ArrayBuffer[] = []
  return {
    prepare: (claim, signal) =>
      reading.use(async () => {
        signal.throwIfAborted()
        const plain = kept.pop() ?? new ArrayBuffer(readOfClaim * chunkBytes)
        const read = new ClaimRead(reader, chunkBytes, claim, new Uint8Array(plain), signal)
        await read.all()
        return { plain }
      }),
    giveBack: (plain) => {
      if (plain) kept.push(plain)
    },
    close: async () => kept.forEach(freeMemory),
  }
}

class ClaimRead {
  readonly #reader: DiskReader
  readonly #chunkBytes: number
  readonly #claim: Claim
  readonly #plain: Uint8Array
  readonly #signal: AbortSignal

  constructor(
    reader: DiskReader,
    chunkBytes: number,
    claim: Claim,
    plain: Uint8Array,
    signal: AbortSignal,
  ) {
    this.#reader = reader
    this.#chunkBytes = chunkBytes
    this.#claim = claim
    this.#plain = plain
    this.#signal = signal
  }

  async all(): Promise<void> {
    const { states } = this.#claim
    const most = Math.max(1, Math.floor(REQUEST_BYTES / this.#chunkBytes))
    const reads: Promise<void>[] = []
    for (let i = 0, place = 0; i < states.length;) {
      let count = 0
      while (count < most && states[i + count] === READ) count++
      if (count > 0) reads.push(this.#read(i, count, place))
      place += count
      i += Math.max(count, 1)
    }
    // All must end before the memory is given away, also when one fails.
    const failed = (await Promise.allSettled(reads)).find((read) => read.status === 'rejected')
    if (failed) throw failed.reason
  }

  /** `place`: how many of the claim's chunks to read lie before this one. */
  async #read(i: number, count: number, place: number): Promise<void> {
    const offset = chunkOffset(this.#claim.start + i, this.#chunkBytes)
    const length = Math.min(count * this.#chunkBytes, this.#reader.sizeBytes - offset)
    const into = this.#plain.subarray(place * this.#chunkBytes, place * this.#chunkBytes + length)
    for (let attempt = 1; attempt <= READ_TRIES; attempt++) {
      try {
        return await this.#reader.read(offset, into, this.#signal)
      } catch (error) {
        this.#signal.throwIfAborted()
        if (!(error instanceof HoldfastError) || error.code !== 'source-unreadable') throw error
        if (count > 1) return this.#halve(i, count, place)
      }
    }
    this.#claim.states[i] = RUN_KINDS.UNREADABLE
  }

  /** Down to the single chunks that cannot be read. */
  async #halve(i: number, count: number, place: number): Promise<void> {
    const half = count >> 1
    await this.#read(i, half, place)
    await this.#read(i + half, count - half, place + half)
  }
}

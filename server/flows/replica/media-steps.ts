import { recordsOf, type FoundRecord } from '../../../core/chunk/record-list.ts'
import { decodePlace } from '../../../core/chunk/record.ts'
import { decodeBlocks, type MediaBlock } from '../../../core/replica/block.ts'
import type { FileSystem } from '../../../core/runtime/file-system.ts'
import type { ChunkRun, PushOpening, PushStep } from '../ingest/steps.ts'
import { damaged, readPart, type Media } from './open-media.ts'

export interface MediaReading {
  readonly fs: FileSystem
  readonly media: Media
  readonly opening: PushOpening
  /** Places from the first to the last that an earlier run of this import has staged. */
  readonly staged: (first: number, last: number) => Promise<ReadonlySet<number>>
  readonly onPart: (doneBytes: number) => void
  readonly signal: AbortSignal
}

/**
 * Media as a transfer, as if an agent had sent it: each part is compared with the manifest before
 * anything of it is taken. Chunks that are staged already are told instead of being stored again.
 */
export async function* mediaSteps(reading: MediaReading): AsyncGenerator<PushStep> {
  const { fs, media, opening, signal } = reading
  yield { open: opening }
  const disks = new DiskSteps(reading)
  let doneBytes = 0
  for (const [index, { bytes }] of media.manifest.parts.entries()) {
    signal.throwIfAborted()
    const part = await readPart(fs, media, index)
    for (const block of blocksOf(part, media, index)) yield* disks.block(block)
    yield* disks.rest()
    doneBytes += bytes
    reading.onPart(doneBytes)
  }
  yield* disks.endBefore(media.manifest.disks.length)
  yield { end: endingOf(media) }
}

function* blocksOf(part: Buffer, media: Media, index: number): Generator<MediaBlock> {
  try {
    for (const block of decodeBlocks(part)) {
      if (block.ordinal >= media.manifest.disks.length) throw new RangeError('no such disk')
      yield block
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(media.folder, index, error.message)
    throw error
  }
}

function endingOf({ manifest }: Media): Extract<PushStep, { end: unknown }>['end'] {
  const { capturedAt, powerState, configuration } = manifest
  return {
    ...{ capturedAt, powerState, configuration, consistency: 'unsettled', seal: true },
    ...{ unsettledReason: '', paused: false, hasMemory: false, warnings: [] },
  }
}

/** Blocks of one disk after the other, and what each disk ends with. */
class DiskSteps {
  readonly #reading: MediaReading
  #ordinal = 0
  #records = 0
  #readBytes = 0
  /** Ahead of the records between them; told in order. */
  #runs: ChunkRun[] = []

  constructor(reading: MediaReading) {
    this.#reading = reading
  }

  async *block(block: MediaBlock): AsyncGenerator<PushStep> {
    yield* this.endBefore(block.ordinal)
    if ('runs' in block) this.#runs.push(...block.runs)
    else yield* this.#take(block.records)
  }

  /** At the end of a part nothing is ahead of anything. */
  *rest(): Generator<PushStep> {
    yield* this.#tell(Infinity)
  }

  *endBefore(ordinal: number): Generator<PushStep> {
    while (this.#ordinal < ordinal) {
      yield* this.rest()
      const numbers = { records: this.#records, readBytes: this.#readBytes, comparedBytes: 0 }
      yield { diskEnd: { ordinal: this.#ordinal, checksum: undefined, ...numbers } }
      this.#ordinal++
      this.#records = 0
      this.#readBytes = 0
    }
  }

  async *#take(bytes: Buffer): AsyncGenerator<PushStep> {
    const records = [...recordsOf(bytes)]
    const first = records[0]?.place ?? 0
    const last = records.at(-1)?.place ?? 0
    const staged = await this.#reading.staged(first, last)
    if (records.every(({ place }) => staged.has(place))) this.#runs.push(...stagedRuns(records))
    else this.#records += records.length
    for (const { plainLength } of records) this.#readBytes += plainLength
    yield* this.#tell(decodePlace(last).index)
    if (records.some(({ place }) => !staged.has(place))) yield { records: owned(bytes) }
  }

  *#tell(upTo: number): Generator<PushStep> {
    this.#runs.sort((a, b) => a.start - b.start)
    const due = this.#runs.filter(({ start }) => start <= upTo)
    this.#runs = this.#runs.filter(({ start }) => start > upTo)
    if (due.length > 0) yield { runs: { ordinal: this.#ordinal, runs: due } }
  }
}

function stagedRuns(records: readonly FoundRecord[]): ChunkRun[] {
  return records.map(({ place }) => ({ kind: 'STAGED', start: decodePlace(place).index, count: 1 }))
}

/** It goes to another thread with its memory. */
function owned(bytes: Buffer): Buffer {
  const copy = Buffer.from(new ArrayBuffer(bytes.length))
  bytes.copy(copy)
  return copy
}

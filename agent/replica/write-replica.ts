import { recordsOf } from '../../core/chunk/record-list.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import { CHUNK_BYTES, chunkOffset } from '../../core/model/geometry.ts'
import { RUN_KINDS } from '../../core/model/pass-checksum.ts'
import type { Extent } from '../../core/model/extent.ts'
import type { MediaRun } from '../../core/replica/block.ts'
import type { MediaPart } from '../../core/replica/manifest.ts'
import { FRAME_PREFIX_BYTES, type PushFrameOut } from '../../core/wire/frame.ts'
import type { Throttle } from '../jobs/two-limits.ts'
import type { SourceDisk } from '../source/source.ts'
import type { ReadPool } from '../transfer/read-pool.ts'
import { transferDisk } from '../transfer/transfer-disk.ts'
import { Coverage } from './coverage.ts'
import type { Journal, Position } from './journal.ts'
import type { PartWriter } from './part-writer.ts'

/** zstd's own level, as in a transfer. */
const LEVEL = 1

export interface ReplicaWriting {
  readonly pool: ReadPool
  readonly disks: readonly SourceDisk[]
  readonly from: Position
  readonly parts: PartWriter
  readonly journal: Journal
  readonly throttle: Throttle
  readonly onProgress: (doneBytes: number) => void
  readonly signal: AbortSignal
}

/** Reads the disks from `from` on and writes them as parts; gives the new ones. */
export async function writeReplica(writing: ReplicaWriting): Promise<MediaPart[]> {
  const written: MediaPart[] = []
  const endPart = async (position: Position) => {
    const part = await writing.parts.end()
    if (!part) return
    await writing.journal.add(part, position)
    written.push(part)
  }
  let before = 0
  for (const [ordinal, disk] of writing.disks.entries()) {
    const from = ordinal === writing.from.ordinal ? writing.from.chunk : 0
    if (ordinal >= writing.from.ordinal) await writeDisk(writing, ordinal, from, before, endPart)
    before += disk.sizeBytes
  }
  await endPart({ ordinal: writing.disks.length, chunk: 0 })
  return written
}

async function writeDisk(
  writing: ReplicaWriting,
  ordinal: number,
  from: number,
  before: number,
  endPart: (position: Position) => Promise<void>,
): Promise<void> {
  const { parts } = writing
  const coverage = new Coverage(from)
  for await (const frame of framesFrom(writing, ordinal, from, before)) {
    if ('records' in frame) {
      const records = frame.records.subarray(FRAME_PREFIX_BYTES)
      await parts.write({ ordinal, records })
      for (const { place } of recordsOf(records)) coverage.add(decodePlace(place).index, 1)
    } else if ('runs' in frame) {
      const runs = mediaRuns(frame)
      if (runs.length > 0) await parts.write({ ordinal, runs })
      for (const { start, count } of runs) coverage.add(start, count)
    }
    if (parts.isFull && coverage.isWhole) await endPart({ ordinal, chunk: coverage.next })
  }
}

function framesFrom(
  { pool, disks, throttle, onProgress, signal }: ReplicaWriting,
  ordinal: number,
  from: number,
  before: number,
): AsyncIterable<PushFrameOut> {
  const disk = disks[ordinal]
  if (!disk) throw new RangeError(`there is no disk ${ordinal}`)
  return transferDisk({
    ...{ pool, disk, ordinal, chunkBytes: CHUNK_BYTES, level: LEVEL, throttle, signal },
    pages: undefined,
    changed: from === 0 ? undefined : behind(chunkOffset(from, CHUNK_BYTES), disk.sizeBytes),
    onProgress: ({ doneBytes }) => onProgress(before + doneBytes),
  })
}

async function* behind(offset: number, sizeBytes: number): AsyncIterable<Extent> {
  if (offset < sizeBytes) yield { offset, length: sizeBytes - offset }
}

/** What an earlier run has written already is told as being like a base: here there is none. */
function mediaRuns(frame: Extract<PushFrameOut, { runs: unknown }>): MediaRun[] {
  const runs: MediaRun[] = []
  for (const { kind, start, count } of frame.runs.runs ?? []) {
    if (kind === RUN_KINDS.BASE) continue
    const word = kind === RUN_KINDS.ZERO ? 'ZERO' : 'UNREADABLE'
    runs.push({ kind: word, start: Number(start), count: Number(count) })
  }
  return runs
}

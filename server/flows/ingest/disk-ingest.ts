import { HoldfastError } from '../../../core/model/error.ts'
import { chunkCount, chunkLength, PAGE_CHUNKS } from '../../../core/model/geometry.ts'
import { DIGEST_BYTES } from '../../../core/model/digest.ts'
import { PassChecksum, RUN_KINDS } from '../../../core/model/pass-checksum.ts'
import type { InspectedRecords } from '../../../core/chunk/inspect-pool.ts'
import { encodePlace } from '../../../core/chunk/record.ts'
import type { TransferDisk } from '../../catalog/transfers.ts'
import type { SegmentCache } from '../segment-cache.ts'
import { countMissed, DiskAudit, type DiskSamples } from '../audit/disk-audit.ts'
import { MapBuilder } from './map-builder.ts'
import type { PackFiller } from './pack-filler.ts'
import type { Reuse } from './reuse.ts'
import type { BasePages } from '../base-pages.ts'
import type { ChunkRun, DiskEnding } from './steps.ts'

/** A frame's runs, and those of the frame behind it. */
const RUNS_AHEAD = 4096

export interface DiskIngestDeps {
  readonly filler: PackFiller
  readonly reuse: Reuse
  readonly segments: SegmentCache
  readonly base: BasePages | undefined
  readonly staged: (from: number, to: number) => Promise<ReadonlyMap<number, number>>
}

/** Receives one disk of a transfer: chunks are stored or found, and its map grows. */
export class DiskIngest {
  readonly disk: TransferDisk
  readonly map: MapBuilder
  readonly audit: DiskAudit
  readonly unreadable: number[] = []
  records = 0
  receivedBytes = 0
  duplicates = 0
  storedBytes = 0
  ending: DiskEnding | undefined
  readonly #deps: DiskIngestDeps
  readonly #checksum = new PassChecksum()
  /** Runs that came ahead of the records below them. */
  readonly #ahead: ChunkRun[] = []
  #isWholePass = true
  #digest: Buffer | undefined

  constructor(disk: TransferDisk, deps: DiskIngestDeps) {
    this.disk = disk
    this.#deps = deps
    this.audit = new DiskAudit(disk.sizeBytes, disk.chunkBytes)
    this.map = new MapBuilder({
      disk: disk.disk,
      sizeBytes: disk.sizeBytes,
      chunkBytes: disk.chunkBytes,
      base: deps.base,
      baseChunks: wholeBaseChunks(disk),
      segments: deps.segments,
      staged: deps.staged,
      onDiffering: (index) => {
        this.audit.differs(index)
      },
    })
  }

  /** How many of them are not what the base has, although no change record named them. */
  async missedSamples(samples: DiskSamples): Promise<number> {
    return countMissed(samples, this.#deps.base, this.#deps.segments)
  }

  /** Of what was received, when every chunk with data was; the agent has the same of what it read. */
  get storedChecksum(): Buffer | undefined {
    return this.#digest
  }

  async record(table: InspectedRecords, at: number, index: number): Promise<void> {
    const plainBytes = table.plainLengths[at] ?? 0
    if (plainBytes !== chunkLength(index, this.disk.sizeBytes, this.disk.chunkBytes))
      throw violation(`chunk ${index} has ${plainBytes} bytes`)
    const offset = table.offsets[at] ?? 0
    const total = table.totalBytes[at] ?? 0
    this.records++
    this.receivedBytes += total
    this.#checksum.chunk(table.crcs[at] ?? 0)
    if (table.zeros[at] === 1) {
      await this.map.zeros(index, 1)
      return this.#applyDue()
    }
    const id = await this.#place(
      table.records.subarray(offset, offset + total),
      table.digests,
      at,
      index,
    )
    const digest = table.digests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES)
    await this.map.chunk(index, id, digest)
    if (this.#ahead.length > 0) await this.#applyDue()
  }

  /** The base's own chunk at the same place, else any equal one, else a new one. */
  async #place(record: Buffer, digests: Buffer, at: number, index: number): Promise<number> {
    const base = await this.map.basePage(index)
    const own = base?.ids[index % PAGE_CHUNKS]
    const offset = at * DIGEST_BYTES
    const ownDigest = own === undefined ? undefined : this.#deps.segments.digestOf(own)
    if (own && ownDigest?.equals(digests.subarray(offset, offset + DIGEST_BYTES))) {
      this.duplicates++
      return own
    }
    const place = encodePlace(this.disk.ordinal, index)
    const found = this.#deps.reuse.find(digests, offset)
    if (found !== undefined) {
      this.duplicates++
      this.#deps.filler.note(place, found)
      return found
    }
    this.storedBytes += record.length
    return this.#deps.filler.append(record, place)
  }

  /** Takes a run when its turn has come, else keeps it until the records below it are here. */
  async run(run: ChunkRun): Promise<void> {
    if (this.#ahead.length >= RUNS_AHEAD)
      throw violation('too many runs came ahead of their records')
    this.#ahead.push(run)
    await this.#applyDue()
  }

  async #applyDue(): Promise<void> {
    for (let next = this.#ahead[0]; next && next.start <= this.map.next; next = this.#ahead[0]) {
      this.#ahead.shift()
      await this.#apply(next)
    }
  }

  async #apply(run: ChunkRun): Promise<void> {
    switch (run.kind) {
      case 'ZERO':
        this.#checksum.run(RUN_KINDS.ZERO, run.count)
        return this.map.zeros(run.start, run.count)
      case 'BASE':
        this.#isWholePass = false
        return this.map.base(run.start, run.count)
      case 'STAGED':
        this.#isWholePass = false
        return this.map.staged(run.start, run.count)
      case 'UNREADABLE':
        this.#checksum.run(RUN_KINDS.UNREADABLE, run.count)
        this.#noteUnreadable(run)
        return this.map.zeros(run.start, run.count)
    }
  }

  /** The agent counted what it sent; nothing may be missing on the way. */
  end(ending: DiskEnding): void {
    this.map.finish()
    if (ending.records !== this.records)
      throw violation(`${this.records} chunks arrived of ${ending.records} sent`)
    this.ending = ending
    if (!this.#isWholePass) return
    this.#digest = this.#checksum.digest()
    if (ending.checksum !== undefined && !this.#digest.equals(ending.checksum))
      throw new HoldfastError(
        'chunk-mismatch',
        `disk ${this.disk.name}: what was stored is not what was read`,
        { hint: 'Nothing was committed. Run it again.' },
      )
  }

  #noteUnreadable({ start, count }: ChunkRun): void {
    const { sizeBytes, chunkBytes } = this.disk
    const offset = start * chunkBytes
    const length = Math.min(count * chunkBytes, sizeBytes - offset)
    const last = this.unreadable.length - 2
    if (last >= 0 && (this.unreadable[last] ?? 0) + (this.unreadable[last + 1] ?? 0) === offset)
      this.unreadable[last + 1] = (this.unreadable[last + 1] ?? 0) + length
    else this.unreadable.push(offset, length)
  }
}

/** The base's short last chunk is another one as soon as the size changed. */
function wholeBaseChunks(disk: TransferDisk): number {
  if (disk.baseSizeBytes === null) return 0
  return disk.baseSizeBytes === disk.sizeBytes
    ? chunkCount(disk.sizeBytes, disk.chunkBytes)
    : Math.min(
        Math.floor(disk.baseSizeBytes / disk.chunkBytes),
        Math.floor(disk.sizeBytes / disk.chunkBytes),
      )
}

function violation(what: string): HoldfastError {
  return new HoldfastError('protocol-violation', `transfer refused: ${what}`)
}

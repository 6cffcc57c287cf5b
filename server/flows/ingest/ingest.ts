import { groupSettingsOfJob } from '../../catalog/group-options.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import type { InspectedRecords, InspectPool } from '../../../core/chunk/inspect-pool.ts'
import type { Share } from '../../../core/runtime/share.ts'
import { decodePlace, encodePlace } from '../../../core/chunk/record.ts'
import type { TransferRequest } from '../../catalog/job-requests.ts'
import type { JobResult } from '../../catalog/job-results.ts'
import { distrustDisk } from '../../catalog/audits.ts'
import { holdFence } from '../../catalog/fence.ts'
import { readBranch } from '../../catalog/branch.ts'
import { readJob, readJobSource } from '../../catalog/jobs.ts'
import { readStaged } from '../../catalog/staged.ts'
import { readTransfer, readTransferDisks, type TransferRow } from '../../catalog/transfers.ts'
import { basePagesOf } from '../map-transfer.ts'
import { commitVersion, isPartial, type CommitDeps, type Committed } from '../commit.ts'
import { SegmentCache } from '../segment-cache.ts'
import { trackerWrong, type DiskSamples } from '../audit/disk-audit.ts'
import { DiskIngest } from './disk-ingest.ts'
import { inspectedSteps } from './inspected-steps.ts'
import { PackFiller } from './pack-filler.ts'
import { Reuse } from './reuse.ts'
import type { InspectedStep, PushEnding, PushOpening, PushStep, TransferReceipt } from './steps.ts'

export interface IngestDeps extends CommitDeps {
  readonly inspector: InspectPool
  /** What all uploads together keep in mind of the store. */
  readonly remembered: Share
  readonly generation: () => Promise<number>
}

/** Who sends. `signal` aborts when it may not any more: revoked, or gone. */
export interface IngestHost {
  /** Null: nobody, the server reads removable media. */
  readonly hostId: string | null
  readonly signal: AbortSignal
}

/**
 * Receives a transfer.
 *
 * 1. Open: only the run that has the job, only the host that owns the data source.
 * 2. Records are decompressed and hashed in worker threads, in the order of their arrival.
 * 3. A chunk that its base or the store has already is named, a new one goes into the open pack.
 * 4. A full pack is synced; then its rows, pins and staging are written while the next one fills.
 * 5. At the end everything is synced and counted, and the version is committed.
 *
 * What arrived before a cut stays staged, invisible, for the next attempt.
 */
export async function ingest(
  deps: IngestDeps,
  host: IngestHost,
  steps: AsyncIterable<PushStep>,
): Promise<TransferReceipt> {
  let session: Session | undefined
  const leave = deps.remembered.join()
  try {
    for await (const batch of inspectedSteps(steps, deps.inspector))
      for (const part of together(batch)) {
        if (Array.isArray(part)) await required(session).records(part)
        else if ('open' in part) session = await openSession(deps, host, part.open)
        else if ('end' in part) return await required(session).finish(part.end)
        else if ('runs' in part)
          for (const run of part.runs.runs) await required(session).disk(part.runs.ordinal).run(run)
        else if ('samples' in part) await required(session).samples(part.samples)
        else if ('changed' in part)
          required(session).disk(part.changed.ordinal).audit.noteChanged(part.changed.runs)
        else if ('diskEnd' in part) required(session).disk(part.diskEnd.ordinal).end(part.diskEnd)
      }
    throw violation('it ended without saying so')
  } catch (error) {
    await session?.interrupt(error)
    throw error
  } finally {
    leave()
  }
}

type ControlStep = Exclude<InspectedStep, { inspected: InspectedRecords }>

/** Neighbouring records as one list: their digests are looked up together. */
function together(batch: readonly InspectedStep[]): (InspectedRecords[] | ControlStep)[] {
  const parts: (InspectedRecords[] | ControlStep)[] = []
  for (const step of batch) {
    const last = parts.at(-1)
    if (!('inspected' in step)) parts.push(step)
    else if (Array.isArray(last)) last.push(step.inspected)
    else parts.push([step.inspected])
  }
  return parts
}

async function openSession(
  deps: IngestDeps,
  host: IngestHost,
  open: PushOpening,
): Promise<Session> {
  const fence = { job: open.job, epoch: open.epoch }
  const transfer = await deps.database.tx(async (q) => {
    await holdFence(q, fence)
    await readJobSource(q, open.job, host.hostId)
    return readTransfer(q, open.transfer, open.job)
  })
  if (transfer?.state !== 'open')
    throw new HoldfastError('not-found', `transfer ${open.transfer} is not open`)
  const job = await readJob(deps.database, open.job)
  const request = job?.request as TransferRequest
  const filler = new PackFiller({
    ...deps,
    fence,
    transfer: transfer.id,
    generation: await deps.generation(),
    preferredVolume: (await groupSettingsOfJob(deps.database, fence.job))?.volume ?? null,
  })
  const reuse = new Reuse(deps.database, fence, transfer.id, deps.remembered)
  const segments = new SegmentCache(deps.database, () => deps.remembered.each)
  const disks = await readTransferDisks(deps.database, transfer.id)
  const ingests = disks.map(
    (disk) =>
      new DiskIngest(disk, {
        filler,
        reuse,
        segments,
        base: basePagesOf(deps.database, transfer.base, disk, segments),
        staged: (from, to) => stagedOf(deps, transfer.id, disk.ordinal, from, to),
      }),
  )
  const parentVersion = await readBranch(deps.database, transfer.dataSource)
  return new Session(deps, {
    open,
    transfer,
    request,
    filler,
    reuse,
    disks: ingests,
    parentVersion,
    signal: host.signal,
  })
}

async function stagedOf(
  { database }: IngestDeps,
  transfer: string,
  ordinal: number,
  from: number,
  to: number,
): Promise<Map<number, number>> {
  const start = encodePlace(ordinal, 0)
  const staged = await readStaged(database, transfer, start + from, start + to)
  return new Map([...staged].map(([place, chunk]) => [place - start, chunk]))
}

function required(session: Session | undefined): Session {
  if (!session) throw violation('it did not begin with its opening')
  return session
}

interface SessionParts {
  readonly open: PushOpening
  readonly transfer: TransferRow
  readonly request: TransferRequest
  readonly filler: PackFiller
  readonly reuse: Reuse
  readonly disks: readonly DiskIngest[]
  readonly parentVersion: string | null
  readonly signal: AbortSignal
}

class Session {
  readonly #deps: IngestDeps
  readonly #open: PushOpening
  readonly #transfer: TransferRow
  readonly #request: TransferRequest
  readonly #filler: PackFiller
  readonly #reuse: Reuse
  readonly #disks: readonly DiskIngest[]
  readonly #parentVersion: string | null
  readonly #signal: AbortSignal

  constructor(deps: IngestDeps, parts: SessionParts) {
    this.#deps = deps
    this.#open = parts.open
    this.#transfer = parts.transfer
    this.#request = parts.request
    this.#filler = parts.filler
    this.#reuse = parts.reuse
    this.#disks = parts.disks
    this.#parentVersion = parts.parentVersion
    this.#signal = parts.signal
  }

  disk(ordinal: number): DiskIngest {
    const disk = this.#disks[ordinal]
    if (!disk || disk.ending) throw violation(`disk ${ordinal} is not being received`)
    return disk
  }

  async records(batch: readonly InspectedRecords[]): Promise<void> {
    await this.#reuse.prepare(Buffer.concat(batch.map((records) => records.digests)))
    for (const records of batch) {
      for (const [at, place] of records.places.entries()) {
        const { ordinal, index } = decodePlace(place)
        await this.disk(ordinal).record(records, at, index)
      }
      records.release()
    }
  }

  /** A record that missed one chunk may have missed others: nothing of this attempt counts. */
  async samples(samples: DiskSamples): Promise<void> {
    const disk = this.disk(samples.ordinal)
    const missed = await disk.missedSamples(samples)
    if (missed === 0) return
    await this.#deps.database.tx(async (q) => {
      await holdFence(q, { job: this.#open.job, epoch: this.#open.epoch })
      await distrustDisk(q, disk.disk.disk)
    })
    throw trackerWrong(disk.disk.name, missed)
  }

  async finish(end: PushEnding): Promise<TransferReceipt> {
    const missing = this.#disks.find((disk) => !disk.ending)
    if (missing) throw violation(`disk ${missing.disk.name} did not arrive`)
    await this.#filler.flush()
    if (!end.seal) return this.#receipt(undefined)
    this.#signal.throwIfAborted()
    return this.#receipt(await commitVersion(this.#deps, this.#commitRequest(end)))
  }

  /** Keeps what can be kept of a transfer that was cut; the first error is what counts. */
  async interrupt(error: unknown): Promise<void> {
    const lostCause = error instanceof HoldfastError && KEEPS_NOTHING.has(error.code)
    try {
      await (lostCause ? this.#filler.abandon() : this.#filler.flush())
    } catch {
      await this.#filler.abandon().catch(() => {})
    }
  }

  #commitRequest(end: PushEnding) {
    const partial = isPartial(this.#disks)
    const repaired = this.#disks.some((disk) => disk.map.differingChunks > 0)
    const { kind, label, expiresAt, protect } = this.#request
    const imported = 'exportId' in this.#request
    // What was imported is no point; the check that proves it makes the first one.
    const isFirstCheck = this.#disks.some(({ disk }) => disk.baseReason === IMPORTED)
    return {
      fence: { job: this.#open.job, epoch: this.#open.epoch },
      dataSource: this.#transfer.dataSource,
      transfer: this.#transfer.id,
      versionUid: this.#transfer.versionUid,
      base: this.#transfer.base,
      kind,
      capturedAt: end.capturedAt,
      consistency: end.consistency,
      powerState: end.powerState,
      configuration: end.configuration,
      parentVersion: this.#parentVersion,
      imported,
      keep:
        !imported &&
        (kind === 'point' || partial || (kind === 'check' && (repaired || isFirstCheck))),
      label: label ?? null,
      expiresAt: expiresAt ?? null,
      protect,
      storedBytes: this.#filler.storedBytes,
      paused: end.paused,
      hasMemory: end.hasMemory,
      warnings: [
        ...(end.unsettledReason === '' ? [] : [`not one instant: ${end.unsettledReason}`]),
        ...end.warnings,
      ],
      result: this.#result(),
      disks: this.#disks.map(commitDisk),
    }
  }

  #result(): Pick<JobResult, 'check'> {
    if (this.#request.kind !== 'check') return {}
    return {
      check: {
        comparedBytes: this.#sum((d) => d.ending?.comparedBytes ?? 0),
        differingChunks: this.#sum((d) => d.map.differingChunks),
        sentBytes: this.#sum((d) => d.receivedBytes),
      },
    }
  }

  #receipt(committed: Committed | undefined): TransferReceipt {
    return {
      committed: committed !== undefined,
      versionUid: this.#transfer.versionUid,
      version: committed?.version ?? 0,
      point: committed?.point ?? '',
      records: this.#sum((d) => d.records),
      receivedBytes: this.#sum((d) => d.receivedBytes),
      storedBytes: this.#filler.storedBytes,
      duplicateChunks: this.#sum((d) => d.duplicates),
      disks: this.#disks.map((d) => ({
        ordinal: d.disk.ordinal,
        checksum: d.storedChecksum ?? Buffer.alloc(0),
        differingChunks: d.map.differingChunks,
      })),
    }
  }

  #sum(of: (disk: DiskIngest) => number): number {
    return this.#disks.reduce((total, disk) => total + of(disk), 0)
  }
}

/** Why the disks of an imported replica were read. */
export const IMPORTED = 'imported'

/** After these nothing more can or may be stored for this run. */
const KEEPS_NOTHING = new Set(['job-fenced', 'store-full', 'store-write-failed', 'store-missing'])

function commitDisk(ingested: DiskIngest) {
  const { disk, map, ending } = ingested
  const initial = disk.transferMode === 'initial'
  return {
    disk: disk.disk,
    name: disk.name,
    ordinal: disk.ordinal,
    chunkBytes: disk.chunkBytes,
    sizeBytes: disk.sizeBytes,
    format: disk.format,
    transferMode: disk.transferMode,
    transferReason: disk.transferReason,
    readChecksum: initial ? (ending?.checksum ?? null) : null,
    storedChecksum: initial ? (ingested.storedChecksum ?? null) : null,
    unreadable: ingested.unreadable,
    missedChunks: ingested.audit.missed,
    readBytes: ending?.readBytes ?? 0,
    sentBytes: ingested.receivedBytes,
    changedBytes: Math.min(map.differingChunks * disk.chunkBytes, disk.sizeBytes),
    storedBytes: ingested.storedBytes,
    newPages: map.pages,
  }
}

function violation(what: string): HoldfastError {
  return new HoldfastError('protocol-violation', `transfer refused: ${what}`)
}

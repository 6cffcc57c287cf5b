import { HoldfastError } from '../../core/model/error.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { PushFrameOut } from '../../core/wire/frame.ts'
import type { PushEnd } from '../../core/wire/generated/holdfast/v1/PushEnd.ts'
import type { Receipt__Output } from '../../core/wire/generated/holdfast/v1/Receipt.ts'
import type { PlannedTransferDisk__Output } from '../../core/wire/generated/holdfast/v1/PlannedTransferDisk.ts'
import type { TransferPlan__Output } from '../../core/wire/generated/holdfast/v1/TransferPlan.ts'
import type { TransferWork__Output } from '../../core/wire/generated/holdfast/v1/TransferWork.ts'
import type { SourceView, ViewPlan } from '../source/source.ts'
import { withAudit } from '../transfer/audit-frames.ts'
import { transferDisk } from '../transfer/transfer-disk.ts'
import type { ShownProgress, TransferDeps } from './transfer-job.ts'

export interface Pass {
  readonly order: TransferWork__Output
  readonly view: SourceView
  /** Of the passes before; '' on the first. */
  readonly transfer: string
  /** Checksums of the pass before, by ordinal. */
  readonly before: readonly Buffer[] | undefined
  readonly isLast: boolean
  readonly progress: ShownProgress
  readonly signal: AbortSignal
}

export type PassOutcome =
  | { readonly sealed: true }
  | {
      readonly sealed: false
      readonly transfer: string
      readonly checksums: readonly Buffer[]
      readonly reason: string
    }

/**
 * One pass over all disks: 1. plan, while the view is made ready for it, 2. frames of each disk, 3. is it one instant? then seal, else
 * leave it staged, 4. the receipt must count what was sent.
 */
export async function runPass(deps: TransferDeps, pass: Pass): Promise<PassOutcome> {
  await failpoint('agent.before-plan')
  const [plan] = await Promise.all([requestPlan(deps, pass), pass.view.prepare?.(pass.order.job)])
  await failpoint('agent.after-plan')
  if (plan.alreadyCommitted) {
    await pass.view.committed?.(plan.versionUid)
    return { sealed: true }
  }
  await pass.view.begin?.(viewPlan(pass, plan))
  const frames = new PassFrames(deps, pass, plan)
  const receipt = await deps.link.push(frames.all(), pass.signal)
  await failpoint('agent.after-receipt')
  checkReceipt(receipt, frames)
  if (receipt.committed) {
    await pass.view.committed?.(receipt.versionUid)
    return { sealed: true }
  }
  const { checksums, reason } = frames
  return { sealed: false, transfer: plan.transfer, checksums, reason }
}

function requestPlan(
  { link }: TransferDeps,
  { order, view, transfer, signal }: Pass,
): Promise<TransferPlan__Output> {
  const disks = view.disks.map(({ name, sizeBytes, format, tracker }) => ({
    name,
    sizeBytes,
    format,
    trackerBases: [...(tracker?.bases ?? [])],
    trackerReason: tracker?.reason ?? 'no-tracker',
  }))
  return link.plan({ job: order.job, epoch: order.epoch, transfer, disks }, signal)
}

function viewPlan({ order }: Pass, plan: TransferPlan__Output): ViewPlan {
  const { versionUid, baseUid } = plan
  const tracked = plan.disks.filter(hasRecord).map(({ name }) => name)
  return { job: order.job, versionUid, baseUid, tracked: new Set(tracked) }
}

function hasRecord({ mode, audited }: PlannedTransferDisk__Output): boolean {
  return mode === 'tracked' || audited
}

function checkReceipt(receipt: Receipt__Output, frames: PassFrames): void {
  if (receipt.records === frames.records) return
  throw new HoldfastError(
    'transfer-mismatch',
    `the server received ${receipt.records} chunks of ${frames.records} sent`,
  )
}

/** The frames of one pass, and what came of it. */
class PassFrames {
  readonly checksums: Buffer[] = []
  records = 0
  reason = ''
  readonly #deps: TransferDeps
  readonly #pass: Pass
  readonly #plan: TransferPlan__Output
  #settledBytes = 0

  constructor(deps: TransferDeps, pass: Pass, plan: TransferPlan__Output) {
    this.#deps = deps
    this.#pass = pass
    this.#plan = plan
  }

  async *all(): AsyncIterable<PushFrameOut> {
    const { order, view } = this.#pass
    const { transfer } = this.#plan
    this.#show(0)
    yield { open: { job: order.job, epoch: order.epoch, transfer } }
    for (const [ordinal] of view.disks.entries()) yield* this.#disk(ordinal)
    await failpoint('agent.before-seal')
    yield { end: await this.#end() }
  }

  async *#disk(ordinal: number): AsyncIterable<PushFrameOut> {
    const { order, view, signal } = this.#pass
    const disk = view.disks[ordinal]
    const planned = this.#plan.disks.find((d) => d.ordinal === ordinal)
    if (!disk || !planned) throw new HoldfastError('transfer-mismatch', 'the plan lacks a disk')
    const { job, epoch } = order
    const request = { job, epoch, transfer: this.#plan.transfer, ordinal }
    const { chunkBytes, sampled, audited } = planned
    const read = transferDisk({
      pool: this.#deps.pool,
      disk,
      ordinal,
      chunkBytes,
      level: this.#plan.compressionLevel,
      changed: planned.mode === 'tracked' ? disk.changed?.(signal) : undefined,
      pages: planned.hasMap ? this.#deps.link.map(request, signal) : undefined,
      throttle: this.#deps.throttle,
      onProgress: ({ doneBytes }) => this.#show(doneBytes),
      signal,
    })
    const frames = withAudit({ disk, ordinal, chunkBytes, sampled, audited, signal }, read)
    for await (const frame of frames) {
      if ('records' in frame) await failpoint('agent.during-push')
      if ('diskEnd' in frame) this.#noteEnd(frame.diskEnd)
      yield frame
    }
    this.#settledBytes += disk.sizeBytes
    this.#show(0)
  }

  /** Bytes of the disk at hand, above those of the disks before it. */
  #show(doneBytes: number): void {
    const { view, progress } = this.#pass
    const totalBytes = view.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0)
    progress.set(this.#settledBytes + doneBytes, totalBytes)
  }

  #noteEnd(end: { records?: unknown; checksum?: unknown }): void {
    this.records += Number(end.records)
    this.checksums.push(end.checksum as Buffer)
  }

  /** Decided when the last byte was read, not before. */
  async #end(): Promise<PushEnd> {
    const { view, order, isLast } = this.#pass
    const settlement = await view.settled({ equalPass: this.#isEqual() })
    const { capturedAt, powerState, configuration, instant } = view
    const { paused = false, hasMemory = false, warnings = [] } = instant ?? {}
    const facts = {
      ...{ capturedAt, powerState, configuration, paused, hasMemory },
      warnings: [...warnings],
    }
    if (settlement.settled)
      return { ...facts, seal: true, consistency: settlement.consistency, unsettledReason: '' }
    this.reason = settlement.reason
    const seal = isLast && order.allowUnsettled
    return { ...facts, seal, consistency: 'unsettled', unsettledReason: settlement.reason }
  }

  #isEqual(): boolean {
    const { before } = this.#pass
    if (!before) return false
    return this.checksums.every((checksum, at) => before[at]?.equals(checksum) === true)
  }
}

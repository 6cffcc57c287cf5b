import type { PullFrameOut, PushFrameIn } from '../../core/wire/frame.ts'
import type { InventoryRequest__Output } from '../../core/wire/generated/holdfast/v1/InventoryRequest.ts'
import type { JobReport__Output } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { MapPage } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
import type { MapRequest__Output } from '../../core/wire/generated/holdfast/v1/MapRequest.ts'
import type { FilePart } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import type { PullFilesRequest__Output } from '../../core/wire/generated/holdfast/v1/PullFilesRequest.ts'
import type { PlanRequest__Output } from '../../core/wire/generated/holdfast/v1/PlanRequest.ts'
import type { PullRequest__Output } from '../../core/wire/generated/holdfast/v1/PullRequest.ts'
import type { Receipt } from '../../core/wire/generated/holdfast/v1/Receipt.ts'
import type { ReportReply } from '../../core/wire/generated/holdfast/v1/ReportReply.ts'
import type { TransferPlan } from '../../core/wire/generated/holdfast/v1/TransferPlan.ts'

/** The host that calls, known from its certificate; never from what it says. */
export interface AgentCaller {
  readonly hostId: string
  readonly hostName: string
  /**
   * Aborts when the agent is gone ('job-interrupted'), the host is revoked ('host-revoked') or the
   * server stops: give up, and above all commit nothing any more.
   */
  readonly signal: AbortSignal
}

/**
 * What the Agent service does for an agent that is authorised. They throw HoldfastError; whether
 * the job or the source that a request names is the caller's own is theirs to check.
 */
export interface AgentHandlers {
  inventory(host: AgentCaller, request: InventoryRequest__Output): Promise<void>
  plan(host: AgentCaller, request: PlanRequest__Output): Promise<TransferPlan>
  map(host: AgentCaller, request: MapRequest__Output): AsyncIterable<MapPage>
  /**
   * Frames come no faster than they are taken, and end with an error when the call breaks. The
   * bytes of a records frame lie in an ArrayBuffer of their own: it may be transferred.
   */
  push(host: AgentCaller, frames: AsyncIterable<PushFrameIn>): Promise<Receipt>
  /** The buffer of a records frame is free again when the next frame is asked for. */
  pull(host: AgentCaller, request: PullRequest__Output): AsyncIterable<PullFrameOut>
  pullFiles(host: AgentCaller, request: PullFilesRequest__Output): AsyncIterable<FilePart>
  report(host: AgentCaller, report: JobReport__Output): Promise<ReportReply>
}

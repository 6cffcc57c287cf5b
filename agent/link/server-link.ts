import type { FilePart__Output } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import type { FeedRequest } from '../../core/wire/generated/holdfast/v1/FeedRequest.ts'
import type { HelloReply__Output } from '../../core/wire/generated/holdfast/v1/HelloReply.ts'
import type { HelloRequest } from '../../core/wire/generated/holdfast/v1/HelloRequest.ts'
import type { InventoryRequest } from '../../core/wire/generated/holdfast/v1/InventoryRequest.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
import type { MapRequest } from '../../core/wire/generated/holdfast/v1/MapRequest.ts'
import type { PlanRequest } from '../../core/wire/generated/holdfast/v1/PlanRequest.ts'
import type { PullFilesRequest } from '../../core/wire/generated/holdfast/v1/PullFilesRequest.ts'
import type { PullRequest } from '../../core/wire/generated/holdfast/v1/PullRequest.ts'
import type { Receipt__Output } from '../../core/wire/generated/holdfast/v1/Receipt.ts'
import type { ReportReply__Output } from '../../core/wire/generated/holdfast/v1/ReportReply.ts'
import type { TransferPlan__Output } from '../../core/wire/generated/holdfast/v1/TransferPlan.ts'
import type { Work__Output } from '../../core/wire/generated/holdfast/v1/Work.ts'
import type { Filled } from '../../core/wire/shape.ts'
import type { PullFrameIn, PushFrameOut } from '../../core/wire/frame.ts'

/**
 * All an agent can ask of the server. Errors arrive as HoldfastError with the server's own code;
 * every call has a deadline or a progress timeout of its own.
 */
export interface ServerLink {
  hello(request: HelloRequest, signal?: AbortSignal): Promise<HelloReply__Output>
  feed(request: FeedRequest, signal: AbortSignal): AsyncIterable<Work__Output>
  inventory(request: InventoryRequest, signal?: AbortSignal): Promise<void>
  plan(request: PlanRequest, signal?: AbortSignal): Promise<TransferPlan__Output>
  map(request: MapRequest, signal?: AbortSignal): AsyncIterable<MapPage__Output>
  /** Pulls frames only as fast as the network takes them. Buffers given are free again once the next frame is asked for. */
  push(frames: AsyncIterable<PushFrameOut>, signal?: AbortSignal): Promise<Receipt__Output>
  pull(request: PullRequest, signal?: AbortSignal): AsyncIterable<PullFrameIn>
  pullFiles(
    request: PullFilesRequest,
    signal?: AbortSignal,
  ): AsyncIterable<Filled<FilePart__Output>>
  report(request: JobReport, signal?: AbortSignal): Promise<ReportReply__Output>
}

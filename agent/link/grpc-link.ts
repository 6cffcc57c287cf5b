import type { Clock } from '../../core/runtime/clock.ts'
import { Channel, type UnaryOptions } from '../../core/wire/channel.ts'
import type { PullFrameIn, PushFrameOut } from '../../core/wire/frame.ts'
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
import type { RenewReply__Output } from '../../core/wire/generated/holdfast/v1/RenewReply.ts'
import type { ReportReply__Output } from '../../core/wire/generated/holdfast/v1/ReportReply.ts'
import type { TransferPlan__Output } from '../../core/wire/generated/holdfast/v1/TransferPlan.ts'
import type { Work__Output } from '../../core/wire/generated/holdfast/v1/Work.ts'
import { IDLE_FRAME, withIdle } from '../../core/wire/idle.ts'
import { agentService } from '../../core/wire/agent-service.ts'
import { messages } from '../../core/wire/lazy-messages.ts'
import { filler, type Filled } from '../../core/wire/shape.ts'
import type { Keepalive } from '../../core/wire/options.ts'
import { STALL_LIMIT_MS } from '../../core/wire/progress.ts'
import type { ServerLink } from './server-link.ts'

/** What of an identity a connection needs. */
export interface LinkIdentity {
  readonly addresses: readonly string[]
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

export interface GrpcLinkOptions {
  readonly identity: LinkIdentity
  readonly clock: Clock
  readonly keepalive?: Keepalive
}

const fill = filler(messages, 'holdfast.v1')

const SHORT_MS = 30_000
/** A plan reads what is staged, an inventory writes a row for each disk. */
const LONG_MS = 300_000
/** The server sends something every 10 s. */
const FEED_STALL_MS = 40_000
/** From the last frame to the receipt: the commit proves the whole map. */
const RECEIPT_MS = 900_000

/**
 * The server over gRPC. Connects with the first call, and again with the next one after a
 * connection broke: whoever calls decides when to try, and how often.
 */
export class GrpcLink implements ServerLink {
  readonly #options: GrpcLinkOptions
  #channel: Channel

  constructor(options: GrpcLinkOptions) {
    this.#options = options
    this.#channel = this.#open(options.identity)
  }

  hello(request: HelloRequest, signal?: AbortSignal): Promise<HelloReply__Output> {
    return this.#channel.unary(agentService.Hello, request, within(SHORT_MS, signal))
  }

  feed(request: FeedRequest, signal: AbortSignal): AsyncIterable<Work__Output> {
    const options = { signal, stallMs: FEED_STALL_MS }
    return this.#channel.receive(agentService.Feed, request, options)
  }

  async inventory(request: InventoryRequest, signal?: AbortSignal): Promise<void> {
    await this.#channel.unary(agentService.Inventory, request, within(LONG_MS, signal))
  }

  plan(request: PlanRequest, signal?: AbortSignal): Promise<TransferPlan__Output> {
    return this.#channel.unary(agentService.Plan, request, within(LONG_MS, signal))
  }

  map(request: MapRequest, signal?: AbortSignal): AsyncIterable<MapPage__Output> {
    const options = { signal, stallMs: STALL_LIMIT_MS }
    return this.#channel.receive(agentService.Map, request, options)
  }

  push(frames: AsyncIterable<PushFrameOut>, signal?: AbortSignal): Promise<Receipt__Output> {
    return this.#channel.send(
      agentService.Push,
      withIdle(frames, this.#options.clock, IDLE_FRAME),
      {
        signal,
        stallMs: STALL_LIMIT_MS,
        replyMs: RECEIPT_MS,
      },
    )
  }

  pull(request: PullRequest, signal?: AbortSignal): AsyncIterable<PullFrameIn> {
    const options = { signal, stallMs: STALL_LIMIT_MS }
    return this.#channel.receive(agentService.Pull, request, options)
  }

  async *pullFiles(
    request: PullFilesRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<Filled<FilePart__Output>> {
    const options = { signal, stallMs: STALL_LIMIT_MS }
    for await (const part of this.#channel.receive(agentService.PullFiles, request, options))
      yield fill('FilePart', part)
  }

  report(request: JobReport, signal?: AbortSignal): Promise<ReportReply__Output> {
    return this.#channel.unary(agentService.Report, request, within(SHORT_MS, signal))
  }

  renew(certificateRequest: Buffer, signal?: AbortSignal): Promise<RenewReply__Output> {
    const request = { certificateRequest }
    return this.#channel.unary(agentService.Renew, request, within(SHORT_MS, signal))
  }

  /** Calls that run go on with the old one; the next connection is made with the new one. */
  useIdentity(identity: LinkIdentity): void {
    const old = this.#channel
    this.#channel = this.#open(identity)
    old.close()
  }

  close(): void {
    this.#channel.close()
  }

  #open({ addresses, authority, certificate, key }: LinkIdentity): Channel {
    const { clock, keepalive } = this.#options
    return new Channel({
      addresses,
      authority,
      certificate: { certificate, key },
      keepalive,
      clock,
    })
  }
}

function within(deadlineMs: number, signal: AbortSignal | undefined): UnaryOptions {
  return { deadlineMs, signal }
}

import type { MethodDefinition } from '@grpc/proto-loader'
import { Channel, type StreamCallOptions, type UnaryOptions } from './channel.ts'
import type { DiskFrameIn } from './frame.ts'
import { messages } from './lazy-messages.ts'
import { operatorService, type OperatorService } from './operator-service.ts'
import type { OperatorCredential } from './operator-credential.ts'
import { filler, type Filled, type Sendable } from './shape.ts'

type Methods = OperatorService
/** Answered by a stream. */
type Streams =
  'WatchJob' | 'OpenDisk' | 'ReadDisk' | 'ListFiles' | 'GetFiles' | 'SearchFiles' | 'CompareFiles'
type Request<Name extends keyof Methods> = Sendable<
  Parameters<Methods[Name]['requestSerialize']>[0]
>
type Reply<Name extends keyof Methods> = Filled<ReturnType<Methods[Name]['responseDeserialize']>>

/**
 * Every rpc of the Operator service. Replies have all their fields, absent ones as null. Throws
 * HoldfastError with the server's code, or 'server-unreachable', 'credential-refused',
 * 'wrong-authority', 'stalled'.
 */
export type OperatorClient = {
  readonly [Name in Exclude<keyof Methods, Streams> as Uncapitalize<Name>]: (
    request: Request<Name>,
    options?: Partial<UnaryOptions>,
  ) => Promise<Reply<Name>>
} & {
  /** Ends when the job has ended. */
  readonly watchJob: (
    request: Request<'WatchJob'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<Reply<'WatchJob'>>
  /** One message; the point is held until the loop is left. */
  readonly openDisk: (
    request: Request<'OpenDisk'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<Reply<'OpenDisk'>>
  readonly readDisk: (
    request: Request<'ReadDisk'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<DiskFrameIn>
  readonly listFiles: (
    request: Request<'ListFiles'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<Reply<'ListFiles'>>
  readonly getFiles: (
    request: Request<'GetFiles'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<Reply<'GetFiles'>>
  readonly searchFiles: (
    request: Request<'SearchFiles'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<Reply<'SearchFiles'>>
  readonly compareFiles: (
    request: Request<'CompareFiles'>,
    options?: StreamCallOptions,
  ) => AsyncIterable<Reply<'CompareFiles'>>
  close(): void
}

/** Long enough for a comparison of two points of a large disk. */
const DEADLINE_MS = 120_000

/** Connects with the first call, not before. */
export function openOperatorClient(
  credential: Pick<OperatorCredential, 'addresses' | 'authority' | 'token'>,
): OperatorClient {
  const channel = new Channel({ ...credential, bearer: credential.token })
  const methods = (Object.values(operatorService) as AnyMethod[]).map((method) => [
    method.originalName,
    method.responseStream ? streaming(channel, method) : unary(channel, method),
  ])
  return { ...Object.fromEntries(methods), close: () => channel.close() } as OperatorClient
}

type AnyMethod = MethodDefinition<object, object, object, object>
const fill = filler(messages, 'holdfast.v1')

function unary(channel: Channel, method: AnyMethod) {
  return async (request: object, options: Partial<UnaryOptions> = {}) => {
    const reply = await channel.unary(method, request, { deadlineMs: DEADLINE_MS, ...options })
    return fill(typeOf(method), reply)
  }
}

function streaming(channel: Channel, method: AnyMethod) {
  return async function* (request: object, options: StreamCallOptions = {}) {
    for await (const reply of channel.receive(method, request, options))
      yield fill(typeOf(method), reply)
  }
}

function typeOf(method: AnyMethod): string {
  return (method.responseType.type as { name: string }).name
}

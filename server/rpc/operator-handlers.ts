import type { DiskFrameOut } from '../../core/wire/frame.ts'
import type { FilePageMessage } from '../../core/wire/operator-service.ts'
import type { OperatorDefinition } from '../../core/wire/generated/holdfast/v1/Operator.ts'
import type { Caller } from '../access/decide.ts'

export type { Caller }

// Without the index signature that every generated service definition has.
type Rpc = keyof {
  [Name in keyof OperatorDefinition as string extends Name ? never : Name & string]: true
}
type Request<Name extends Rpc> = ReturnType<OperatorDefinition[Name]['requestDeserialize']>
type Reply<Name extends Rpc> = ReturnType<OperatorDefinition[Name]['responseDeserialize']>

type Unary<Name extends Rpc> = (request: Request<Name>, caller: Caller) => Promise<Reply<Name>>

/** Answered by a stream. */
type Stream = 'WatchJob' | 'OpenDisk' | 'ReadDisk' | 'ListFiles' | 'GetFiles' | Walking
/** Answered by a stream, over several points. */
type Walking = 'SearchFiles' | 'CompareFiles'
type Streaming<Name extends Stream, Item = Reply<Name>> = (
  request: Request<Name>,
  caller: Caller,
  signal: AbortSignal,
) => AsyncIterable<Item>

/**
 * One function per rpc of the Operator service, in the camel case that gRPC gives as
 * `originalName`. They throw HoldfastError; the listener checks the token, what its role and scope allow
 * (server/access) and the deadline, and turns errors into statuses.
 */
export type OperatorHandlers = {
  readonly [Name in Exclude<Rpc, Stream> as Uncapitalize<Name>]: Unary<Name>
} & {
  /** Ends when the job has ended, or when `signal` aborts. */
  readonly watchJob: Streaming<'WatchJob'>
  /** Ends when `signal` aborts. */
  readonly openDisk: Streaming<'OpenDisk'>
  readonly readDisk: Streaming<'ReadDisk', DiskFrameOut>
  readonly listFiles: Streaming<'ListFiles', FilePageMessage>
  readonly getFiles: Streaming<'GetFiles'>
  readonly searchFiles: Streaming<'SearchFiles'>
  readonly compareFiles: Streaming<'CompareFiles'>
}

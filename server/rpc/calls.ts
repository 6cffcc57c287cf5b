import type { EventEmitter } from 'node:events'
import type {
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { ProgressWatch } from '../../core/wire/progress.ts'
import { receive, send, untilAborted } from '../../core/wire/stream.ts'
import type { OpenCalls } from './open-calls.ts'
import { toStatus } from './status.ts'

/*
 * Between gRPC's callbacks and functions that return promises. Every method of every service goes
 * through here: nothing runs before its caller was admitted, and errors become statuses once.
 */

export type AnyCall =
  | ServerUnaryCall<unknown, unknown>
  | ServerReadableStream<unknown, unknown>
  | ServerWritableStream<unknown, unknown>

/** Whose call it is; throws when it is nobody's who may. */
export interface Admitted<Caller> {
  readonly owner: string
  readonly caller: Caller
}

export interface Door<Caller> {
  /** `signal` aborts when the call is over for whatever reason but its own end. */
  admit(call: AnyCall, signal: AbortSignal): Promise<Admitted<Caller>>
  readonly calls: OpenCalls
  readonly log: Logger
  readonly clock: Clock
}

type Streaming = { readonly stallMs?: number | undefined }

export function unary<Caller, Q, R>(
  door: Door<Caller>,
  run: (caller: Caller, request: Q) => Promise<R>,
): handleUnaryCall<Q, R> {
  return (call, callback) => {
    answer(door, call, (caller) => run(caller, call.request)).then(
      (reply) => callback(null, reply),
      (error: unknown) => callback(toStatus(error)),
    )
  }
}

export function serverStream<Caller, Q, R>(
  door: Door<Caller>,
  run: (caller: Caller, request: Q, signal: AbortSignal) => AsyncIterable<R>,
  { stallMs }: Streaming = {},
): handleServerStreamingCall<Q, R> {
  return (call) => {
    answer(door, call, async (caller, signal) => {
      const watch = watched(door, call, stallMs)
      try {
        await send(call, run(caller, call.request, signal), { signal, watch })
      } finally {
        watch?.stop()
      }
    }).then(
      () => call.end(),
      (error: unknown) => call.emit('error', toStatus(error)),
    )
  }
}

export function clientStream<Caller, Q, R>(
  door: Door<Caller>,
  run: (caller: Caller, items: AsyncIterable<Q>) => Promise<R>,
  { stallMs }: Streaming = {},
): handleClientStreamingCall<Q, R> {
  return (call, callback) => {
    answer(door, call, async (caller, signal) => {
      const watch = watched(door, call, stallMs)
      try {
        return await run(caller, receive<Q>(call, { signal, watch }))
      } finally {
        watch?.stop()
      }
    }).then(
      (reply) => callback(null, reply),
      (error: unknown) => callback(toStatus(error)),
    )
  }
}

/** Rejects with what the caller is to be told. */
async function answer<Caller, R>(
  door: Door<Caller>,
  call: AnyCall,
  work: (caller: Caller, signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const cut = new AbortController()
  const gone: EventEmitter = call
  gone.on('cancelled', () => cut.abort(new HoldfastError('job-interrupted', 'the caller is gone')))
  const { signal } = cut
  try {
    const { owner, caller } = await untilAborted(door.admit(call, signal), signal)
    door.calls.enter(owner, cut)
    try {
      return await work(caller, signal)
    } finally {
      door.calls.leave(owner, cut)
    }
  } catch (error) {
    // What broke because the call was cut is not the reason why it ended.
    const reason = toHoldfastError(signal.aborted ? signal.reason : error)
    if (reason.code === 'internal')
      door.log.error('a call failed', { method: call.getPath(), error: reason })
    throw reason
  }
}

function watched(door: Door<unknown>, call: AnyCall, stallMs: number | undefined) {
  return stallMs === undefined ? undefined : new ProgressWatch(door.clock, call.getPath(), stallMs)
}

import type { Readable, Writable } from 'node:stream'
import type { ProgressWatch } from './progress.ts'

/*
 * The only place that writes to a call or reads from one. A bare write() in a loop would keep the
 * whole transfer in memory; gRPC's own queue would keep sixteen frames.
 */

export interface StreamOptions {
  /** Aborts with the reason that the caller is to see: cancelled, revoked, connection lost. */
  readonly signal: AbortSignal
  readonly watch?: ProgressWatch | undefined
}

/**
 * Sends all of `items`, one at a time: the next is asked for when the last was handed to the
 * network, from then on its buffer is free again. Does not end the call.
 */
export async function send<T>(
  call: Writable,
  items: AsyncIterable<T>,
  options: StreamOptions,
): Promise<void> {
  const { watch } = options
  const signal = joined(options)
  const iterator = items[Symbol.asyncIterator]()
  let asked = false
  try {
    for (;;) {
      asked = true
      const next = await untilAborted(iterator.next(), signal)
      asked = false
      if (next.done) return
      const written = untilAborted(write(call, next.value), signal)
      await (watch ? watch.during(written) : written)
    }
  } finally {
    await closeSource(iterator, asked)
  }
}

/** A source that was asked and did not answer may never come back: nobody waits for that one. */
export async function closeSource(
  iterator: AsyncIterator<unknown>,
  isAsked: boolean,
): Promise<void> {
  const closed = iterator.return?.().then(
    () => {},
    () => {}, // the first error counts
  )
  if (!isAsked) await closed
}

function write(call: Writable, item: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call.write(item, (error) => (error ? reject(error) : resolve()))
  })
}

/** Items that may lie decoded in front of a slow consumer; more wait in the HTTP/2 window. */
const QUEUE_LIMIT = 2

/** Yields what comes in, no faster than it is consumed. Errors of the call are thrown as they are. */
export async function* receive<T>(
  call: Readable,
  options: StreamOptions,
): AsyncGenerator<T, void, undefined> {
  const { watch } = options
  const signal = joined(options)
  const admitMore = limitQueue(call, QUEUE_LIMIT)
  const iterator = call.iterator({ destroyOnReturn: false }) as AsyncIterator<T, undefined>
  try {
    for (;;) {
      const taken = untilAborted(iterator.next(), signal)
      const next = await (watch ? watch.during(taken) : taken)
      admitMore()
      if (next.done) return
      yield next.value
    }
  } finally {
    void iterator.return?.().catch(() => {})
  }
}

/** gRPC asks the network for a message at each `_read`: those beyond the limit are kept waiting. */
function limitQueue(call: Readable, limit: number): () => void {
  const read = call._read.bind(call)
  let waiting: number | undefined
  call._read = (size) => {
    if (call.readableLength < limit) read(size)
    else waiting = size
  }
  return () => {
    if (waiting === undefined || call.readableLength >= limit) return
    const size = waiting
    waiting = undefined
    read(size)
  }
}

function joined({ signal, watch }: StreamOptions): AbortSignal {
  return watch ? AbortSignal.any([signal, watch.signal]) : signal
}

/** The promise's own outcome, unless the signal is first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    const done = () => signal.removeEventListener('abort', abort)
    promise.then(resolve, reject).finally(done)
  })
}

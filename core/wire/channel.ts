import { Client, credentials, connectivityState, Metadata, status } from '@grpc/grpc-js'
import type { ServiceError } from '@grpc/grpc-js'
import { HoldfastError } from '../model/error.ts'
import { systemClock, type Clock } from '../runtime/clock.ts'
import { fromServiceError } from './error.ts'
import type { Method } from './method.ts'
import { clientOptions, KEEPALIVE, type Keepalive } from './options.ts'
import { ProgressWatch } from './progress.ts'
import { receive, send, untilAborted } from './stream.ts'

/** A client's own certificate and key, PEM. */
export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

export interface ChannelOptions {
  /** `HOST:PORT`, tried in this order, beginning with the one that answered last. */
  readonly addresses: readonly string[]
  /** The only authority that is trusted, PEM. */
  readonly authority: string
  readonly certificate?: ClientCertificate | undefined
  /** Sent as `authorization: Bearer …` with each call. */
  readonly bearer?: string | undefined
  readonly keepalive?: Keepalive | undefined
  readonly clock?: Clock | undefined
}

export interface UnaryOptions {
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

export interface StreamCallOptions {
  /** 'stalled' after this long without a byte; absent = the stream may be silent for ever. */
  readonly stallMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface SendOptions extends StreamCallOptions {
  /** From the last frame to the reply. */
  readonly replyMs: number
}

const CONNECT_LIMIT_MS = 10_000

/**
 * Calls to one server, reached by any of its addresses. Connects when it is called and not
 * connected; every failure comes as HoldfastError, or as the signal's own reason.
 */
export class Channel {
  readonly #options: ChannelOptions
  readonly #clock: Clock
  readonly #metadata = new Metadata()
  #preferred = 0
  #client: Client | undefined
  #connecting: Promise<Client> | undefined
  #closed = false

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    if (options.bearer !== undefined)
      this.#metadata.set('authorization', `Bearer ${options.bearer}`)
  }

  async unary<Q, R>(method: Method<Q, R>, request: Q, options: UnaryOptions): Promise<R> {
    const { signal } = options
    signal?.throwIfAborted()
    const client = await this.#connected()
    return new Promise<R>((resolve, reject) => {
      const abort = () => call.cancel()
      const call = client.makeUnaryRequest<Q, R>(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        this.#metadata,
        { deadline: this.#deadline(options.deadlineMs) },
        (error, reply) => {
          signal?.removeEventListener('abort', abort)
          if (error) reject(this.#failure(error, signal))
          else resolve(reply as R)
        },
      )
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** A server stream. Leaving the loop early cancels the call. */
  async *receive<Q, R>(
    method: Method<Q, R>,
    request: Q,
    options: StreamCallOptions = {},
  ): AsyncGenerator<R, void, undefined> {
    options.signal?.throwIfAborted()
    const client = await this.#connected()
    const call = client.makeServerStreamRequest<Q, R>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      this.#metadata,
    )
    call.on('error', () => {}) // the loop below throws it
    const watch = this.#watch(method, options)
    // At once, also while the consumer is busy elsewhere or has left without a word.
    const abort = () => {
      call.cancel()
      watch?.stop()
    }
    options.signal?.addEventListener('abort', abort, { once: true })
    try {
      yield* receive<R>(call, { signal: options.signal ?? NEVER, watch })
    } catch (error) {
      throw this.#failure(error, options.signal)
    } finally {
      options.signal?.removeEventListener('abort', abort)
      watch?.stop()
      call.cancel()
    }
  }

  /** A client stream and its reply. `items` is read as `send` (stream.ts) promises. */
  async send<Q, R>(
    method: Method<Q, R>,
    items: AsyncIterable<Q>,
    options: SendOptions,
  ): Promise<R> {
    options.signal?.throwIfAborted()
    const client = await this.#connected()
    const ended = new AbortController()
    const { call, reply } = this.#startSending(client, method)
    reply.then(
      () => ended.abort(new HoldfastError('protocol-violation', 'the reply came before the end')),
      (error: unknown) => ended.abort(error),
    )
    const watch = this.#watch(method, options)
    const signal = AbortSignal.any([options.signal ?? NEVER, ended.signal])
    try {
      await send(call, items, { signal, watch })
      call.end()
      return await untilAborted(reply, this.#limited(options))
    } catch (error) {
      throw this.#failure(error, options.signal)
    } finally {
      watch?.stop()
      call.cancel()
    }
  }

  /** Ends at once; calls that still run are cut. */
  close(): void {
    this.#closed = true
    this.#client?.close()
  }

  #startSending<Q, R>(client: Client, method: Method<Q, R>) {
    const { promise: reply, resolve, reject } = Promise.withResolvers<R>()
    const call = client.makeClientStreamRequest<Q, R>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      this.#metadata,
      (error, value) => (error ? reject(error) : resolve(value as R)),
    )
    call.on('error', () => {}) // the callback above has it
    return { call, reply }
  }

  #limited({ replyMs, signal }: SendOptions): AbortSignal {
    const limit = new AbortController()
    const late = new HoldfastError('stalled', `no receipt within ${Math.round(replyMs / 1000)} s`)
    setTimeout(() => limit.abort(late), replyMs).unref()
    return AbortSignal.any([limit.signal, signal ?? NEVER])
  }

  #watch(method: Method<never, unknown>, { stallMs }: StreamCallOptions) {
    return stallMs === undefined ? undefined : new ProgressWatch(this.#clock, method.path, stallMs)
  }

  #deadline(ms: number): number {
    return systemClock.now() + ms // gRPC compares with the machine's clock
  }

  #failure(error: unknown, signal: AbortSignal | undefined): Error {
    if (signal?.aborted) return signal.reason as Error
    return isServiceError(error) ? fromServiceError(error, this.#peer()) : (error as Error)
  }

  #peer(): string {
    return this.#options.addresses[this.#preferred] ?? 'no address'
  }

  async #connected(): Promise<Client> {
    if (this.#closed) throw new HoldfastError('server-unreachable', 'the connection was closed')
    if (this.#client && isReady(this.#client)) return this.#client
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined))
    return this.#connecting
  }

  async #connect(): Promise<Client> {
    const { addresses } = this.#options
    const failures: HoldfastError[] = []
    for (let tried = 0; tried < addresses.length; tried++) {
      let outcome = await this.#try()
      // A server that stops closes connections just like one that refuses a certificate: ask twice.
      if (outcome instanceof HoldfastError && outcome.code === 'certificate-refused')
        outcome = await this.#try()
      if (!(outcome instanceof HoldfastError)) return this.#adopt(outcome)
      failures.push(outcome)
      this.#preferred = (this.#preferred + 1) % addresses.length
    }
    // A server that answered and refused says more than three that were not there.
    const telling = failures.find(({ code }) => code !== 'server-unreachable') ?? failures[0]
    throw telling ?? new HoldfastError('server-unreachable', 'no address of the server is known')
  }

  async #try(): Promise<Client | HoldfastError> {
    const client = this.#dial()
    const failure = await this.#probe(client)
    if (!failure) return client
    client.close()
    return failure
  }

  #dial(): Client {
    const { authority, certificate, keepalive = KEEPALIVE } = this.#options
    const trust = credentials.createSsl(
      Buffer.from(authority),
      certificate ? Buffer.from(certificate.key) : null,
      certificate ? Buffer.from(certificate.certificate) : null,
    )
    return new Client(this.#peer(), trust, clientOptions(keepalive))
  }

  #adopt(client: Client): Client {
    this.#client?.close()
    this.#client = client
    if (this.#closed) client.close()
    return client
  }

  /** Asks for a method that nobody has: "unknown" is an answer, everything else says why not. */
  #probe(client: Client): Promise<HoldfastError | undefined> {
    const empty = () => Buffer.alloc(0)
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        '/holdfast.v1.Connection/Probe',
        empty,
        empty,
        {},
        { deadline: this.#deadline(CONNECT_LIMIT_MS) },
        (error) => resolve(error ? this.#unreachable(error) : undefined),
      )
    })
  }

  #unreachable(error: ServiceError): HoldfastError | undefined {
    if (error.code === status.DEADLINE_EXCEEDED)
      return new HoldfastError('server-unreachable', `${this.#peer()} did not answer in time`)
    return error.code === status.UNAVAILABLE ? fromServiceError(error, this.#peer()) : undefined
  }
}

const NEVER = new AbortController().signal

function isReady(client: Client): boolean {
  return client.getChannel().getConnectivityState(false) === connectivityState.READY
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error
}

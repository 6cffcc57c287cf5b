import { HoldfastError } from '../model/error.ts'
import { NbdConnection, violation, type NbdAddress } from './connection.ts'
import { handshake, type NbdExport } from './handshake.ts'
import { Pending, type StatusExtent } from './pending.ts'
import { COMMAND_FLAG, encodeRequest, EXPORT_FLAG, type Command } from './protocol.ts'
import { ReplyReader } from './replies.ts'

/** Requests under way at once; measured best at 256 KiB each. */
export const REQUESTS_IN_FLIGHT = 16

/** One status request asks for at most this; its answer may still cover less. */
export const LONGEST_STATUS_RANGE = 2 ** 30

const STALL_MS = 120_000

export interface NbdOptions {
  readonly exportName?: string
  readonly contexts?: readonly string[]
  readonly stallMs?: number
}

interface Ask {
  readonly command: Command
  readonly offset: number
  readonly length: number
  readonly flags?: number
  readonly into?: Uint8Array
  readonly data?: Uint8Array
  readonly signal?: AbortSignal | undefined
}

/**
 * A connection to one export of an NBD server. Requests run side by side; a server that lies about
 * lengths, answers what was not asked or falls silent ends the connection, and every request with
 * it, by an error.
 */
export class NbdClient {
  readonly sizeBytes: number
  readonly isReadOnly: boolean
  readonly canTrim: boolean
  readonly canWriteZeroes: boolean
  readonly #connection: NbdConnection
  readonly #contexts: ReadonlyMap<string, number>
  readonly #canFlush: boolean
  readonly #readFlags: number
  readonly #pending: Map<number, Pending>
  readonly #waiting: (() => void)[] = []
  #cookie = 0
  #inFlight = 0

  private constructor(
    connection: NbdConnection,
    exported: NbdExport,
    pending: Map<number, Pending>,
  ) {
    this.#connection = connection
    this.#pending = pending
    this.sizeBytes = exported.sizeBytes
    this.isReadOnly = (exported.flags & EXPORT_FLAG.readOnly) !== 0
    this.canTrim = (exported.flags & EXPORT_FLAG.trim) !== 0
    this.canWriteZeroes = (exported.flags & EXPORT_FLAG.writeZeroes) !== 0
    this.#canFlush = (exported.flags & EXPORT_FLAG.flush) !== 0
    // Asked for a read in one piece, QEMU answers an unreadable sector by an error; a read in pieces
    // it has begun to send it can only end by ending the connection.
    const canAskWhole = (exported.flags & EXPORT_FLAG.dontFragment) !== 0
    this.#readFlags = canAskWhole ? COMMAND_FLAG.dontFragment : 0
    this.#contexts = new Map([...exported.contexts].map(([id, name]) => [name, id]))
  }

  static async connect(address: NbdAddress, options: NbdOptions = {}): Promise<NbdClient> {
    const pending = new Map<number, Pending>()
    let isReady = false
    const connection = await NbdConnection.open(address, {
      stallMs: options.stallMs ?? STALL_MS,
      isAwaiting: () => !isReady || pending.size > 0,
      onEnd: (reason) => {
        for (const request of pending.values()) request.reject(reason)
        pending.clear()
      },
    })
    try {
      const { exportName = '', contexts = [] } = options
      const exported = await handshake(connection, exportName, contexts)
      isReady = true
      new ReplyReader(connection, exported.hasStructuredReplies, pending).start()
      return new NbdClient(connection, exported, pending)
    } catch (error) {
      connection.end(new HoldfastError('tool-failed', 'the NBD handshake failed'))
      throw error
    }
  }

  hasContext(name: string): boolean {
    return this.#contexts.has(name)
  }

  /** Fills `into`. After an abort the buffer is its owner's again: nothing more is written to it. */
  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const flags = this.#readFlags
    await this.#request({ command: 'read', offset, length: into.length, flags, into, signal })
  }

  /** `data` must stay as it is until this resolves. */
  async write(offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#request({ command: 'write', offset, length: data.length, data, signal })
  }

  /** `isKept`: the range is to be allocated all the same. */
  async writeZeroes(offset: number, length: number, isKept = false): Promise<void> {
    const flags = isKept ? COMMAND_FLAG.noHole : 0
    await this.#request({ command: 'writeZeroes', offset, length, flags })
  }

  async trim(offset: number, length: number): Promise<void> {
    await this.#request({ command: 'trim', offset, length })
  }

  /** After it resolves, what was written is on stable storage, as far as the server can tell. */
  async flush(): Promise<void> {
    if (this.#canFlush) await this.#request({ command: 'flush', offset: 0, length: 0 })
  }

  /** What a meta context says of a range, from its start on; it may end before the range does. */
  async blockStatus(
    context: string,
    range: { offset: number; length: number },
    signal?: AbortSignal,
  ): Promise<StatusExtent[]> {
    const id = this.#contexts.get(context)
    if (id === undefined) throw new HoldfastError('tool-failed', `the NBD server has no ${context}`)
    const done = await this.#request({ command: 'blockStatus', ...range, signal })
    const extents = done.statuses.get(id)
    if (!extents || extents.length === 0) throw violation(`no status of ${context}`)
    return extents
  }

  /** What a meta context says of the whole export, rising, without gap. */
  async *statuses(context: string, signal?: AbortSignal): AsyncIterable<StatusExtent> {
    for (let at = 0; at < this.sizeBytes;) {
      const length = Math.min(this.sizeBytes - at, LONGEST_STATUS_RANGE)
      for (const extent of await this.blockStatus(context, { offset: at, length }, signal)) {
        yield extent
        at = extent.offset + extent.length
      }
    }
  }

  /** Tells the server that this was all; requests still under way fail. */
  async close(): Promise<void> {
    try {
      const cookie = BigInt(++this.#cookie)
      this.#connection.send(
        encodeRequest({ command: 'disconnect', flags: 0, cookie, offset: 0, length: 0 }),
      )
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error
      return // it ended before
    }
    this.#connection.finish(new HoldfastError('tool-failed', 'the NBD connection was closed'))
  }

  async #request(ask: Ask): Promise<Pending> {
    if (ask.offset < 0 || ask.offset + ask.length > this.sizeBytes)
      throw new RangeError(`${ask.command} at ${ask.offset}, ${ask.length} of ${this.sizeBytes}`)
    await this.#turn()
    try {
      ask.signal?.throwIfAborted()
      return await this.#exchange(ask)
    } finally {
      this.#inFlight--
      this.#waiting.shift()?.()
    }
  }

  async #turn(): Promise<void> {
    if (this.#inFlight >= REQUESTS_IN_FLIGHT)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    this.#inFlight++
  }

  #exchange(ask: Ask): Promise<Pending> {
    return new Promise((resolve, reject) => {
      const abandon = () => {
        if (pending.into) this.#connection.abandon(pending.into)
        pending.into = undefined
        reject(ask.signal?.reason as Error)
      }
      const pending = new Pending(ask, (error) => {
        ask.signal?.removeEventListener('abort', abandon)
        if (error) reject(error)
        else resolve(pending)
      })
      const cookie = ++this.#cookie
      const { command, offset, length, flags = 0 } = ask
      const head = encodeRequest({ command, flags, cookie: BigInt(cookie), offset, length })
      this.#connection.send(head, ...(ask.data ? [ask.data] : []))
      this.#pending.set(cookie, pending)
      // A write that was sent is waited for: its data may still be on its way out of the buffer.
      if (command !== 'write') ask.signal?.addEventListener('abort', abandon, { once: true })
    })
  }
}

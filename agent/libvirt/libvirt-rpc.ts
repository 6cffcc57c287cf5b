import { createConnection, type Socket } from 'node:net'
import { HoldfastError } from '../../core/model/error.ts'
import { LibvirtRefusal } from './libvirt-refusal.ts'
import { XdrReader, XdrWriter } from './xdr.ts'

/** Programs of libvirt's protocol. */
export const REMOTE = 0x2000_8086
export const QEMU = 0x2000_8087
const VERSION = 1
const LENGTH_BYTES = 4
const HEADER_BYTES = 24
/** libvirt's own limit. */
const LONGEST = 16 * 1024 * 1024
const ANSWER_MS = 30_000
const CONNECT_MS = 5_000

/** Kinds of messages. */
const CALL = 0
const REPLY = 1
const MESSAGE = 2
const OK = 0

export interface CallOptions {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface Waiting {
  readonly resolve: (reader: XdrReader) => void
  readonly reject: (error: Error) => void
}

/**
 * libvirt's own protocol over the daemon's unix socket: what its client library speaks, and stays
 * compatible over its releases. Calls run side by side, each with a deadline.
 */
export class LibvirtRpc {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  readonly #closed: Promise<void>
  /** Told of what the daemon sends unasked, which it does only after it was asked to. */
  onMessage: (program: number, procedure: number, reader: XdrReader) => void = () => {}
  /** Told once, when the connection is no more. */
  onEnd: () => void = () => {}
  #serial = 0
  #rest = Buffer.alloc(0)
  #end: HoldfastError | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (part: Buffer) => {
      this.#take(part)
    })
    socket.on('error', (error) => {
      this.#fail(lost(error.message))
    })
    this.#closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#fail(lost('the daemon closed the connection'))
        resolve()
      })
    })
  }

  /** Throws vm-unreachable. */
  static async connect(sockets: readonly string[]): Promise<LibvirtRpc> {
    let failure: unknown
    for (const path of sockets)
      try {
        return new LibvirtRpc(await connected(path))
      } catch (error) {
        failure = error
      }
    const { message } = failure as Error
    throw new HoldfastError('vm-unreachable', `libvirt cannot be reached: ${message}`, {
      hint: 'Does its daemon (virtqemud or libvirtd) run, and may the agent open its socket?',
      cause: failure,
    })
  }

  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  /** Rejects with LibvirtRefusal when libvirt says no, with vm-unreachable when it says nothing. */
  async call(
    program: number,
    procedure: number,
    payload: Buffer,
    { timeoutMs = ANSWER_MS, signal }: CallOptions = {},
  ): Promise<XdrReader> {
    signal?.throwIfAborted()
    if (this.#end) throw this.#end
    const serial = ++this.#serial
    const { promise, resolve, reject } = Promise.withResolvers<XdrReader>()
    this.#waiting.set(serial, { resolve, reject })
    const late = setTimeout(() => {
      reject(lost(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)
    const abort = () => {
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.#socket.write(message(program, procedure, serial, payload))
    return promise.finally(() => {
      clearTimeout(late)
      signal?.removeEventListener('abort', abort)
      this.#waiting.delete(serial)
    })
  }

  async close(): Promise<void> {
    this.#fail(lost('the connection was closed by us'))
    await this.#closed
  }

  #take(part: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, part])
    while (this.#rest.length >= LENGTH_BYTES) {
      const length = this.#rest.readUInt32BE()
      if (length < LENGTH_BYTES + HEADER_BYTES || length > LONGEST)
        return this.#fail(lost('it does not speak libvirt’s protocol'))
      if (this.#rest.length < length) return
      const whole = this.#rest.subarray(LENGTH_BYTES, length)
      this.#rest = this.#rest.subarray(length)
      this.#heard(new XdrReader(whole))
    }
  }

  /** What nobody waits for any more is passed over. */
  #heard(reader: XdrReader): void {
    const program = reader.word()
    reader.word() // version
    const procedure = reader.word()
    const kind = reader.word()
    const waiting = this.#waiting.get(reader.word())
    const status = reader.word()
    if (kind === MESSAGE) this.onMessage(program, procedure, reader)
    if (kind !== REPLY || !waiting) return
    if (status === OK) waiting.resolve(reader)
    else waiting.reject(refusal(reader))
  }

  #fail(reason: HoldfastError): void {
    if (this.#end) return
    this.#end = reason
    for (const { reject } of this.#waiting.values()) reject(reason)
    this.#socket.destroy()
    this.onEnd()
  }
}

function message(program: number, procedure: number, serial: number, payload: Buffer): Buffer {
  const length = LENGTH_BYTES + HEADER_BYTES + payload.length
  const head = new XdrWriter()
  for (const word of [length, program, VERSION, procedure, CALL, serial, OK]) head.word(word)
  return Buffer.concat([head.bytes(), payload])
}

function refusal(reader: XdrReader): LibvirtRefusal {
  const number = reader.word()
  reader.word() // which of libvirt's parts
  const said = reader.optional(() => reader.string()) ?? 'it does not say why'
  return new LibvirtRefusal(number, said)
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path })
    const late = setTimeout(() => {
      socket.destroy(new Error(`no connection to ${path} in time`))
    }, CONNECT_MS)
    socket.once('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
    socket.once('connect', () => {
      clearTimeout(late)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

function lost(why: string): HoldfastError {
  return new HoldfastError('vm-unreachable', `the connection to libvirt is lost: ${why}`)
}

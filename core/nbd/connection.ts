import { connect, type Socket } from 'node:net'
import { HoldfastError } from '../model/error.ts'
import { Intake } from './intake.ts'

export type NbdAddress =
  { readonly path: string } | { readonly host: string; readonly port: number }

/** Bytes taken from the socket at once, always into the same buffer. */
const RECEIVE_BYTES = 256 * 1024

export interface ConnectionOptions {
  /** With something awaited and nothing arriving for so long, the connection ends. */
  readonly stallMs: number
  readonly isAwaiting: () => boolean
  /** Hears once of the first failure, whatever it is. */
  readonly onEnd: (reason: HoldfastError) => void
}

/** A socket to an NBD server: bytes out, exact pieces in. The first failure ends it. */
export class NbdConnection {
  readonly #socket: Socket
  readonly #intake = new Intake()
  readonly #options: ConnectionOptions
  #rejectTake: ((reason: HoldfastError) => void) | undefined
  #ended: HoldfastError | undefined

  private constructor(address: NbdAddress, options: ConnectionOptions) {
    this.#options = options
    this.#socket = connect({
      ...address,
      onread: {
        buffer: Buffer.allocUnsafeSlow(RECEIVE_BYTES),
        callback: (count: number, buffer: Uint8Array) => this.#receive(buffer.subarray(0, count)),
      },
    })
    this.#socket.setTimeout(options.stallMs, () => {
      this.#stalled()
    })
    this.#socket.on('error', (cause) => {
      this.end(lost(cause.message, cause))
    })
    this.#socket.on('close', () => {
      this.end(lost('the server ended the connection'))
    })
  }

  static open(address: NbdAddress, options: ConnectionOptions): Promise<NbdConnection> {
    return new Promise((resolve, reject) => {
      const onEnd = (reason: HoldfastError) => {
        reject(reason)
        options.onEnd(reason)
      }
      const connection = new NbdConnection(address, { ...options, onEnd })
      connection.#socket.once('connect', () => {
        resolve(connection)
      })
    })
  }

  /** What a server sent before it went is read no more, and nothing is sent after an end. */
  send(...parts: Uint8Array[]): void {
    if (this.#ended) throw this.#ended
    this.#socket.cork()
    for (const part of parts) this.#socket.write(part)
    this.#socket.uncork()
  }

  expect(into: Uint8Array | undefined, length: number, done: () => void): void {
    this.#intake.expect(into, length, done)
  }

  abandon(buffer: Uint8Array): void {
    this.#intake.abandon(buffer)
  }

  /** The next `length` bytes; for the handshake, where one thing follows another. */
  take(length: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended)
        return
      }
      const bytes = Buffer.alloc(length)
      this.#rejectTake = reject
      this.#intake.expect(bytes, length, () => {
        resolve(bytes)
      })
    })
  }
  /** The first call counts: closes the socket and tells everybody who waits. */
  end(reason: HoldfastError): void {
    if (this.#ended) return
    this.#ended = reason
    this.#socket.destroy()
    this.#rejectTake?.(reason)
    this.#options.onEnd(reason)
  }

  /** Like end(), after what was sent has left. */
  finish(reason: HoldfastError): void {
    this.#socket.end(() => {
      this.end(reason)
    })
  }

  #receive(bytes: Uint8Array): boolean {
    if (this.#ended) return false
    try {
      this.#intake.feed(bytes)
    } catch (error) {
      this.end(error instanceof HoldfastError ? error : violation(String(error)))
    }
    return true
  }

  #stalled(): void {
    if (!this.#options.isAwaiting()) return
    const { stallMs } = this.#options
    this.end(new HoldfastError('stalled', `the NBD server sent nothing for ${stallMs} ms`))
  }
}

export function violation(what: string): HoldfastError {
  return new HoldfastError('protocol-violation', `the NBD server broke the protocol: ${what}`)
}

function lost(what: string, cause?: unknown): HoldfastError {
  return new HoldfastError('tool-failed', `the connection to the NBD server was lost: ${what}`, {
    cause,
  })
}

import type { Socket } from 'node:net'
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls'

/** The peer went, or is to go: nothing more is read from it or written to it. */
export class PeerGone extends Error {}

/**
 * The server's side of one connection: exact pieces in, taken from the network no faster than they
 * are asked for; bytes out.
 */
export class ServerSocket {
  #socket: Socket
  #isOver = false
  /** Wakes whoever waits for bytes. */
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** The next `length` bytes; at most what a peer may make us keep. */
  async take(length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0)
    for (;;) {
      if (this.#isOver) throw new PeerGone('the client is gone')
      const bytes = this.#socket.read(length) as Buffer | null
      if (bytes?.length === length) return bytes
      if (bytes || this.#socket.readableEnded) throw new PeerGone('the client is gone')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Reads over what nobody wants. */
  async drop(length: number): Promise<void> {
    for (let left = length; left > 0; left -= DROP_BYTES)
      await this.take(Math.min(left, DROP_BYTES))
  }

  /**
   * All of it together. Resolves when the bytes are no longer needed: they have left, or the
   * connection is closed.
   */
  send(...parts: readonly Uint8Array[]): Promise<void> {
    if (this.#isOver || parts.length === 0) return Promise.resolve()
    const socket = this.#socket
    return new Promise((resolve) => {
      const left = (error?: Error | null) => {
        if (error && !socket.closed) socket.once('close', () => resolve())
        else resolve()
      }
      socket.cork()
      parts.forEach((part, at) => {
        if (at + 1 < parts.length) socket.write(part)
        else socket.write(part, left)
      })
      socket.uncork()
    })
  }

  /** From the next byte on everything is encrypted. Fails where the handshake does. */
  async startTls(options: TlsOptions): Promise<void> {
    const plain = this.#socket
    // What came before the handshake came from anybody.
    if (plain.readableLength > 0) throw new PeerGone('bytes in front of the TLS handshake')
    plain.removeAllListeners('readable')
    const secure = await new Promise<TLSSocket>((resolve, reject) => {
      // It never listens: it is what checks certificates.
      const server = createServer({ ...options, handshakeTimeout: TLS_HANDSHAKE_MS }, resolve)
      server.on('tlsClientError', (error) => reject(new PeerGone(`TLS: ${error.message}`)))
      plain.once('close', () => reject(new PeerGone('the client left in the TLS handshake')))
      server.emit('connection', plain)
    })
    this.#socket = secure
    this.#listen(secure)
  }

  /** After what was sent has left. */
  finish(): void {
    this.#socket.end()
    this.#socket.resume() // what still comes is not wanted
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #listen(socket: Socket): void {
    const over = () => {
      this.#isOver = true
      this.#wake?.()
    }
    socket.on('readable', () => this.#wake?.())
    socket.on('end', () => this.#wake?.())
    socket.on('error', over) // 'close' follows
    socket.on('close', over)
    // Nobody who takes nothing of what they asked for is waited for for ever.
    socket.setTimeout(STALL_MS, () => {
      if (socket.writableLength > 0) socket.destroy()
    })
  }
}

const DROP_BYTES = 64 * 1024
const STALL_MS = 120_000
const LINGER_MS = 10_000
const TLS_HANDSHAKE_MS = 10_000

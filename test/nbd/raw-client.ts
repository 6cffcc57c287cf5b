import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { uint } from './servers.ts'

/** Says what a test wants said, byte by byte. */
export class RawClient {
  readonly socket: Socket
  #received: Buffer[] = []
  #isClosed = false
  #wake = () => {}

  constructor(t: TestContext, path: string) {
    this.socket = connect({ path })
    this.socket.on('data', (bytes: Buffer) => {
      this.#received.push(bytes)
      this.#wake()
    })
    this.socket.on('error', () => {}) // the server may end it in the middle
    this.socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
    t.after(() => this.socket.destroy())
  }

  send(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts))
  }

  async take(length: number): Promise<Buffer> {
    while (this.#received.reduce((sum, bytes) => sum + bytes.length, 0) < length) {
      if (this.#isClosed) throw new Error('the server ended the connection')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const all = Buffer.concat(this.#received)
    this.#received = [all.subarray(length)]
    return all.subarray(0, length)
  }

  async closed(): Promise<void> {
    while (!this.#isClosed) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  /** The greeting, and flags in return. */
  async greet(flags = 3): Promise<void> {
    await this.take(18)
    this.send(uint(4, flags))
  }

  option(number: number, data: Buffer = Buffer.alloc(0)): void {
    this.send(Buffer.from('IHAVEOPT'), uint(4, number), uint(4, data.length), data)
  }

  /** Type and data of one answer. */
  async answer(): Promise<{ type: number; data: Buffer }> {
    const head = await this.take(20)
    const data = await this.take(head.readUInt32BE(16))
    return { type: head.readUInt32BE(12), data }
  }

  request(type: number, offset: number | bigint, length: number, flags = 0): void {
    this.send(
      ...[uint(4, 0x25609513), uint(2, flags), uint(2, type), uint(8, 77)],
      ...[uint(8, offset), uint(4, length)],
    )
  }

  /** Flags, type and data of one chunk of a structured reply. */
  async chunk(): Promise<{ flags: number; type: number; data: Buffer }> {
    const head = await this.take(20)
    const data = await this.take(head.readUInt32BE(16))
    return { flags: head.readUInt16BE(4), type: head.readUInt16BE(6), data }
  }
}

export function named(name: string, ...more: readonly Buffer[]): Buffer {
  return Buffer.concat([uint(4, Buffer.byteLength(name)), Buffer.from(name), ...more])
}

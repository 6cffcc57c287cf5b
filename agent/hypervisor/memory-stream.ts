import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chown, truncate } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Transform } from 'node:stream'
import { HoldfastError } from '../../core/model/error.ts'
import { errorCode } from '../../core/runtime/file-system.ts'
import type { ScratchFolder } from './scratch.ts'

const PIECE_BYTES = 2 ** 20

/**
 * A file that QEMU's stream of memory and devices goes to, by a socket: our reading it is what slows
 * QEMU down, and our end is what ends it. The file has the length that was planned; the rest is a hole.
 */
export class MemoryStream {
  readonly path: string
  readonly socket: string
  /** How many bytes it was; rejects when it was cut or does not fit. */
  readonly ended: Promise<number>
  readonly #server: Server
  readonly #given = new AbortController()
  #connection: Socket | undefined

  private constructor(path: string, socket: string, server: Server, room: Room) {
    this.path = path
    this.socket = socket
    this.#server = server
    this.ended = this.#receive(room)
    this.ended.catch(() => {}) // told to whoever waits for it
  }

  /** `headBytes`: room before it, a hole as well. */
  static async listen(
    { folder, owner }: ScratchFolder,
    sizeBytes: number,
    headBytes: number,
  ): Promise<MemoryStream> {
    const socket = join(folder, 'memory')
    const server = createServer({ highWaterMark: PIECE_BYTES })
    server.listen(socket)
    await once(server, 'listening')
    if (process.getuid?.() === 0) await chown(socket, owner.uid, owner.gid)
    return new MemoryStream(join(folder, 'memory.raw'), socket, server, { sizeBytes, headBytes })
  }

  /** QEMU's writes fail from now on; without a stream there is nothing to end. */
  close(): void {
    this.#given.abort()
    this.#server.close()
    this.#connection?.destroy()
  }

  async #receive({ sizeBytes, headBytes }: Room): Promise<number> {
    const { signal } = this.#given
    const [connection] = (await once(this.#server, 'connection', { signal })) as [Socket]
    this.#connection = connection
    this.#server.close() // one stream, and nobody else's
    const counter = new Counter(sizeBytes - headBytes)
    const options = { flags: 'wx', mode: 0o600, start: headBytes, highWaterMark: PIECE_BYTES }
    try {
      await pipeline(connection, counter, createWriteStream(this.path, options))
      await truncate(this.path, sizeBytes)
      return counter.bytes
    } catch (error) {
      throw errorCode(error) === 'ENOSPC' ? full(this.path, error) : error
    }
  }
}

interface Room {
  readonly sizeBytes: number
  readonly headBytes: number
}

class Counter extends Transform {
  bytes = 0
  readonly #most: number

  constructor(most: number) {
    super({ highWaterMark: PIECE_BYTES })
    this.#most = most
  }

  override _transform(
    piece: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, piece?: Buffer) => void,
  ): void {
    this.bytes += piece.length
    if (this.bytes <= this.#most) done(null, piece)
    else done(tooBusy())
  }
}

function full(path: string, cause: unknown): HoldfastError {
  return new HoldfastError('scratch-full', `there is no room for the memory of the VM: ${path}`, {
    hint: 'Free some, or give the agent another folder with --scratch. The guest has not noticed.',
    cause,
  })
}

export function tooBusy(): HoldfastError {
  return new HoldfastError(
    'consistency-unreached',
    'the guest changes its memory faster than it can be saved',
    { hint: 'Try when it is less busy, or without --memory.' },
  )
}

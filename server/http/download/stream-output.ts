import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { ByteOutput } from '../../../core/archive/file-sink.ts'
import { HoldfastError } from '../../../core/model/error.ts'

const BUFFERED_BYTES = 1024 * 1024

/** Bytes on their way to a browser: no faster than it takes them. */
export class StreamOutput implements ByteOutput {
  readonly stream = new PassThrough({ highWaterMark: BUFFERED_BYTES })
  readonly #gone = once(this.stream, 'close')

  async write(bytes: Uint8Array): Promise<void> {
    this.#requireOpen()
    if (this.stream.write(bytes)) return
    await Promise.race([once(this.stream, 'drain'), this.#gone])
    this.#requireOpen()
  }

  async close(): Promise<void> {
    this.stream.end()
  }

  /** The connection is cut: what was saved so far cannot be taken for the whole. */
  async abandon(): Promise<void> {
    this.stream.destroy(new HoldfastError('transfer-mismatch', 'the download could not end'))
  }

  #requireOpen(): void {
    if (this.stream.destroyed)
      throw new HoldfastError('job-cancelled', 'nobody waits for the download any more')
  }
}

import type { Extent } from '../../core/model/extent.ts'
import { chunkOffset } from '../../core/model/geometry.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { PushFrameOut } from '../../core/wire/frame.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
import type { SourceDisk } from '../source/source.ts'
import { openClaimInput, type ClaimInput } from './claim-input.ts'
import { claimChunks, cutIntoClaims, type Claim, type IdleRun } from './claims.ts'
import { MapCursor } from './map-cursor.ts'
import { PassWriter, type PassCounts } from './pass-writer.ts'
import type { ReadPool } from './read-pool.ts'
import type { ReadDisk, ReadReply } from './read-task.ts'
import { selectChunks } from './select-chunks.ts'

export interface DiskTransferOptions {
  readonly pool: ReadPool
  readonly disk: SourceDisk
  readonly ordinal: number
  readonly chunkBytes: number
  /** Compression level; 0 stores plain. */
  readonly level: number
  /** The plan's map, when it has one: base and staged digests to compare with. */
  readonly pages: AsyncIterable<MapPage__Output> | undefined
  /** Rising byte ranges of a valid change record: all else is as in the base. */
  readonly changed?: AsyncIterable<Extent> | undefined
  readonly throttle: Pick<TokenBucket, 'take'>
  readonly onProgress?: ((progress: DiskProgress) => void) | undefined
  readonly signal: AbortSignal
}

/** How far a pass is: `doneBytes` of the disk are settled. */
export interface DiskProgress extends PassCounts {
  readonly doneBytes: number
}

/** Claims under way beyond one for each worker: keeps the workers busy while frames are sent. */
const CLAIMS_AHEAD = 2
const ITEMS_AHEAD = 64

interface Reading {
  readonly claim: Claim
  readonly reply: Promise<ReadReply>
}

/**
 * One pass over one disk, from its bytes to the frames of a push, DiskEnd included:
 * 1. select what must be read, from the allocation and the change record (select-chunks);
 * 2. cut it into claims (claims), each with its page of the map beside it (map-cursor);
 * 3. workers read, compare and compress claims (read-claim), a few at a time;
 * 4. what they give is put back in disk order (pass-writer).
 * Memory does not grow with the disk. A frame's bytes stay valid until the next one is asked for.
 */
export async function* transferDisk(options: DiskTransferOptions): AsyncGenerator<PushFrameOut> {
  const pass = new DiskPass(options)
  try {
    yield* pass.frames()
  } finally {
    await pass.close()
  }
}

class DiskPass {
  readonly #o: DiskTransferOptions
  readonly #shape: ReadDisk
  readonly #writer: PassWriter
  readonly #map: MapCursor | undefined
  /** Shared with the workers, who may be at a slow disk: set once nobody wants their results. */
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  readonly #queue: (Reading | IdleRun)[] = []
  readonly #ended = new AbortController()
  readonly #signal: AbortSignal
  #reading = 0
  #input: ClaimInput | undefined

  constructor(options: DiskTransferOptions) {
    this.#o = options
    const { disk, ordinal, chunkBytes, level } = options
    this.#shape = { ordinal, name: disk.name, sizeBytes: disk.sizeBytes, chunkBytes, level }
    this.#writer = new PassWriter(ordinal)
    this.#signal = AbortSignal.any([options.signal, this.#ended.signal])
    const stop = () => Atomics.store(this.#stop, 0, 1)
    this.#signal.addEventListener('abort', stop, { once: true })
    this.#map = options.pages && new MapCursor(options.pages)
  }

  async *frames(): AsyncGenerator<PushFrameOut> {
    const { disk, chunkBytes, changed, signal, pool } = this.#o
    const readOfClaim = claimChunks(chunkBytes)
    this.#input = await openClaimInput(disk, chunkBytes, readOfClaim)
    const selected = selectChunks(this.#shape, disk.reader.allocation(this.#signal), changed)
    for await (const item of cutIntoClaims(selected, readOfClaim)) {
      signal.throwIfAborted()
      this.#queue.push('states' in item ? await this.#begin(item, this.#input) : item)
      while (this.#reading > pool.workers + CLAIMS_AHEAD || this.#queue.length > ITEMS_AHEAD)
        yield* this.#emitNext()
    }
    while (this.#queue.length > 0) yield* this.#emitNext()
    yield* this.#throttled(this.#writer.end())
  }

  /** Waits until no worker touches the disk or the memory any more. */
  async close(): Promise<void> {
    this.#ended.abort()
    const replies = this.#queue.flatMap((item) => ('reply' in item ? [item.reply] : []))
    for (const result of await Promise.allSettled(replies))
      if (result.status === 'fulfilled') this.#o.pool.giveBack(result.value.buffers)
    // Both, whatever becomes of the other; and neither replaces the error that ended the pass.
    await Promise.allSettled([this.#map?.close(), this.#input?.close()])
  }

  async #begin(claim: Claim, input: ClaimInput): Promise<Reading> {
    const known = await this.#map?.digests(claim.start, claim.states.length)
    const reply = input.prepare(claim, this.#signal).then((from) =>
      this.#o.pool.read({
        disk: this.#shape,
        start: claim.start,
        states: claim.states,
        from,
        known,
        stop: this.#stop,
      }),
    )
    reply.catch(() => {}) // thrown where it is awaited, in disk order
    this.#reading++
    return { claim, reply }
  }

  async *#emitNext(): AsyncGenerator<PushFrameOut> {
    const item = this.#queue[0]
    if (!item) return
    if (!('reply' in item)) {
      this.#queue.shift()
      yield* this.#throttled(this.#writer.idle(item))
      return
    }
    const reply = await item.reply
    this.#o.signal.throwIfAborted()
    this.#queue.shift()
    this.#reading--
    this.#input?.giveBack(reply.plain)
    yield* this.#throttled(this.#writer.claim(item.claim, reply))
    this.#o.pool.giveBack(reply.buffers)
    this.#report()
  }

  async *#throttled(frames: Iterable<PushFrameOut>): AsyncGenerator<PushFrameOut> {
    for (const frame of frames) {
      this.#o.signal.throwIfAborted()
      if ('records' in frame) await this.#o.throttle.take(frame.records.length, this.#o.signal)
      yield frame
    }
  }

  #report(): void {
    const { counts } = this.#writer
    const doneBytes = Math.min(
      chunkOffset(counts.chunks, this.#o.chunkBytes),
      this.#o.disk.sizeBytes,
    )
    this.#o.onProgress?.({ ...counts, doneBytes })
  }
}

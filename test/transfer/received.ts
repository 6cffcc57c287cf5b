import assert from 'node:assert/strict'
import { decodePlace } from '../../core/chunk/record.ts'
import { recordBody, recordDigest } from '../../core/chunk/record-header.ts'
import { recordsOf } from '../../core/chunk/record-list.ts'
import { publicCodec } from '../../core/chunk/codec.ts'
import { PassChecksum, RUN_KINDS, type RunKind } from '../../core/model/pass-checksum.ts'
import { FRAME_PREFIX_BYTES, type PushFrameOut } from '../../core/wire/frame.ts'
import { FRAME_BYTES } from '../../core/wire/options.ts'

/** A pass as its receiver sees it, one entry a chunk. */
export interface ReceivedPass {
  readonly chunks: (Buffer | string)[]
  readonly digests: (Buffer | undefined)[]
  readonly frames: number
  readonly end: Record<string, unknown>
  /** What a server can compute by itself: right where nothing was compared. */
  readonly checksum: Buffer
}

/** Checks the order of chunks while it reads frames. Bytes are copied, as the network does. */
export async function receive(frames: AsyncIterable<PushFrameOut>): Promise<ReceivedPass> {
  const pass = new Receiver()
  for await (const frame of frames) pass.take(frame)
  return pass.result()
}

class Receiver {
  readonly #chunks: (Buffer | string)[] = []
  readonly #digests: (Buffer | undefined)[] = []
  readonly #checksum = new PassChecksum()
  /** Runs that go ahead of the records below them. */
  readonly #ahead: { kind: number; start: number; count: number }[] = []
  #frames = 0
  #end: Record<string, unknown> | undefined

  take(frame: PushFrameOut): void {
    assert.equal(this.#end, undefined, 'nothing comes after the end')
    if ('records' in frame) this.#records(frame.records)
    else if ('runs' in frame)
      for (const { kind, start, count } of frame.runs.runs ?? []) {
        this.#ahead.push({ kind: Number(kind), start: Number(start), count: Number(count) })
        this.#applyDue()
      }
    else if ('diskEnd' in frame) {
      assert.equal(this.#ahead.length, 0, 'every run had its turn')
      this.#end = { ...frame.diskEnd }
    } else assert.fail('a frame that no disk has')
  }

  result(): ReceivedPass {
    assert.ok(this.#end, 'the pass has an end')
    const [chunks, digests, frames] = [this.#chunks, this.#digests, this.#frames]
    return { chunks, digests, frames, end: this.#end, checksum: this.#checksum.digest() }
  }

  #records(frame: Buffer): void {
    assert.ok(frame.length <= FRAME_BYTES, 'a frame is not above its limit')
    this.#frames++
    const records = Buffer.from(frame.subarray(FRAME_PREFIX_BYTES))
    for (const record of recordsOf(records)) {
      const body = recordBody(records, record.offset, record.storedLength)
      const plain = Buffer.alloc(record.plainLength)
      if (record.codec === 0) body.copy(plain)
      else publicCodec.decompress(body, plain)
      assert.equal(decodePlace(record.place).index, this.#chunks.length, 'in disk order')
      this.#chunks.push(plain)
      const digest = recordDigest(records, record.offset)
      this.#digests.push(digest.every((byte) => byte === 0) ? undefined : digest)
      this.#checksum.chunk(record.crc32)
      this.#applyDue()
    }
  }

  #applyDue(): void {
    for (let run = this.#ahead[0]; run && run.start <= this.#chunks.length; run = this.#ahead[0]) {
      this.#ahead.shift()
      this.#run(run.kind, run.start, run.count)
    }
  }

  #run(kind: number, start: number, count: number): void {
    assert.equal(start, this.#chunks.length, 'runs are in disk order')
    const name = Object.entries(RUN_KINDS).find(([, value]) => value === kind)?.[0] ?? 'unknown'
    for (let i = 0; i < count; i++) {
      this.#chunks.push(name)
      this.#digests.push(undefined)
    }
    this.#checksum.run(kind as RunKind, count)
  }
}

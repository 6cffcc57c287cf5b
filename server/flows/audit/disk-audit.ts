import { DIGEST_BYTES, ZERO_DIGEST } from '../../../core/model/digest.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { chunkCount } from '../../../core/model/geometry.ts'
import type { BasePages } from '../base-pages.ts'
import type { SegmentCache } from '../segment-cache.ts'

/** Chunks that the agent read although its change record calls them unchanged. */
export interface DiskSamples {
  readonly ordinal: number
  readonly chunks: readonly number[]
  readonly digests: Buffer
}

/** What a transfer shows of the truth of a disk's change record. */
export class DiskAudit {
  /** Chunks that differ from the base although the change record did not say so. */
  missed = 0
  readonly #chunks: number
  /** One bit a chunk that the record calls changed; undefined: the agent has no usable record. */
  #changed: Uint8Array | undefined

  constructor(sizeBytes: number, chunkBytes: number) {
    this.#chunks = chunkCount(sizeBytes, chunkBytes)
  }

  /** There is a record to be judged, and everything was read beside it. */
  get isJudged(): boolean {
    return this.#changed !== undefined
  }

  noteChanged(runs: readonly { readonly start: number; readonly count: number }[]): void {
    this.#changed ??= new Uint8Array(Math.ceil(this.#chunks / 8))
    for (const { start, count } of runs)
      for (let chunk = start; chunk < Math.min(start + count, this.#chunks); chunk++)
        this.#changed[chunk >> 3] = (this.#changed[chunk >> 3] ?? 0) | (1 << (chunk & 7))
  }

  /** Chunk `index` is not what it was in the base. */
  differs(index: number): void {
    if (this.#changed && ((this.#changed[index >> 3] ?? 0) & (1 << (index & 7))) === 0)
      this.missed++
  }
}

/** Each may bring a page of the map and a segment: some 50 KiB. */
const LOOKED_UP_AT_ONCE = 64

/** How many samples are not what the base has. Damaged chunks of the store prove nothing. */
export async function countMissed(
  samples: DiskSamples,
  base: BasePages | undefined,
  segments: SegmentCache,
): Promise<number> {
  if (samples.digests.length !== samples.chunks.length * DIGEST_BYTES)
    throw new HoldfastError('protocol-violation', 'transfer refused: samples without their digests')
  let missed = 0
  for (let at = 0; at < samples.chunks.length; at += LOOKED_UP_AT_ONCE) {
    const some = samples.chunks.slice(at, at + LOOKED_UP_AT_ONCE)
    for (const [i, id] of ((await base?.chunksAt(some)) ?? []).entries()) {
      const known = id === 0 ? ZERO_DIGEST : id === undefined ? undefined : segments.digestOf(id)
      const from = (at + i) * DIGEST_BYTES
      if (known && !known.equals(samples.digests.subarray(from, from + DIGEST_BYTES))) missed++
    }
  }
  return missed
}

export function trackerWrong(disk: string, missed: number): HoldfastError {
  return new HoldfastError(
    'tracker-wrong',
    `the change record of disk ${disk} missed ${missed} sampled chunks that had changed`,
    { hint: 'Nothing was committed. The disk is read whole at once, which repairs the replica.' },
  )
}

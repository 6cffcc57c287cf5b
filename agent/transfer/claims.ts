import { RECORD_HEADER_BYTES } from '../../core/chunk/record.ts'
import { compressBound } from '../../core/chunk/codec.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { RUN_KINDS, type RunKind } from '../../core/model/pass-checksum.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import { FRAME_BYTES } from '../../core/wire/options.ts'
import type { SelectedRun } from './select-chunks.ts'

/** What became of a chunk: one of RUN_KINDS, or DATA: it is sent. READ: not known yet. */
export const DATA = 4
export const READ = 5

/** What one worker reads at once: a stretch of a disk, inside one page of the map, with some chunks to read. */
export interface Claim {
  readonly start: number
  /** One state a chunk. */
  readonly states: Uint8Array
}

/** Many chunks that need no look. */
export interface IdleRun {
  readonly kind: RunKind
  readonly start: number
  readonly count: number
}

/** Buffers of FRAME_BYTES that a claim takes along: it never waits for one while it is read. */
export const CLAIM_BUFFERS = 5

/** Records that surely fit a frame buffer, even when each is incompressible and a frame of its own. */
export function recordsInBuffer(chunkBytes: number): number {
  const overhead = FRAME_PREFIX_BYTES + RECORD_HEADER_BYTES
  // The last one needs room to be tried; what does not shrink is then stored plain.
  const room = FRAME_BYTES - overhead - compressBound(chunkBytes)
  return 1 + Math.floor(room / (overhead + chunkBytes))
}

/**
 * An idle run up to this length stays inside a claim: scattered changes cost a few claims, not one each.
 * A byte and a few steps for each of its chunks are less than a claim is.
 */
const IDLE_WITHIN = 256

/** Chunks that one claim reads: as many as its buffers hold at worst. Smaller ones make small frames. */
export function claimChunks(chunkBytes: number): number {
  return Math.min(CLAIM_BUFFERS * recordsInBuffer(chunkBytes), PAGE_CHUNKS / 4)
}

/**
 * Cuts a disk into claims, each of `readOfClaim` chunks to read at most, and idle runs, in disk order.
 * Short idle runs stay inside a claim, so that neither many small holes nor scattered changes cut a
 * disk into claims of one chunk.
 */
export async function* cutIntoClaims(
  runs: AsyncIterable<SelectedRun>,
  readOfClaim: number,
): AsyncIterable<Claim | IdleRun> {
  const cutter = new ClaimCutter(readOfClaim)
  for await (const run of runs)
    yield* run.selection === 'read' ? cutter.read(run) : cutter.idle(run)
  yield* cutter.close()
}

class ClaimCutter {
  readonly #readOfClaim: number
  #open: OpenClaim | undefined

  constructor(readOfClaim: number) {
    this.#readOfClaim = readOfClaim
  }

  *read({ start, count }: SelectedRun): Iterable<Claim> {
    for (let at = start, end = start + count; at < end;) {
      this.#open ??= { start: at, end: pageEndOf(at), left: this.#readOfClaim, states: [] }
      const taken = Math.min(end - at, this.#open.left, this.#open.end - at)
      this.#open.left -= taken
      at += taken
      yield* this.#add(READ, taken, at)
    }
  }

  *idle(run: SelectedRun): Iterable<Claim | IdleRun> {
    const { start, count } = run
    const kind = kindOf(run)
    if (this.#open && count <= IDLE_WITHIN && start + count <= this.#open.end)
      yield* this.#add(kind, count, start + count)
    else {
      yield* this.close()
      yield { kind, start, count }
    }
  }

  *close(): Iterable<Claim> {
    if (this.#open) yield { start: this.#open.start, states: Uint8Array.from(this.#open.states) }
    this.#open = undefined
  }

  /** Up to `at`; a claim that can take no more goes at once. */
  *#add(state: number, count: number, at: number): Iterable<Claim> {
    for (let i = 0; i < count; i++) this.#open?.states.push(state)
    if (this.#open?.left === 0 || at === this.#open?.end) yield* this.close()
  }
}

interface OpenClaim {
  readonly start: number
  /** Of its page. */
  readonly end: number
  /** Chunks that it may still read. */
  left: number
  readonly states: number[]
}

function pageEndOf(chunk: number): number {
  return (Math.floor(chunk / PAGE_CHUNKS) + 1) * PAGE_CHUNKS
}

function kindOf({ selection }: SelectedRun): RunKind {
  return selection === 'base' ? RUN_KINDS.BASE : RUN_KINDS.ZERO
}

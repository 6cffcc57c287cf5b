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

/** A stretch of a disk that one worker reads at once. It lies inside one page of the map. */
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

/** Chunks of one claim: as many as its buffers hold at worst. Smaller ones make small frames. */
export function claimChunks(chunkBytes: number): number {
  return Math.min(CLAIM_BUFFERS * recordsInBuffer(chunkBytes), PAGE_CHUNKS / 4)
}

/**
 * Cuts a disk into claims and idle runs, in disk order. Short idle runs stay inside a claim, so that
 * a disk of many small holes is not cut into claims of one chunk.
 */
export async function* cutIntoClaims(
  runs: AsyncIterable<SelectedRun>,
  chunksOfClaim: number,
): AsyncIterable<Claim | IdleRun> {
  let open: OpenClaim | undefined
  for await (const run of runs) {
    for (let at = run.start, end = run.start + run.count; at < end;) {
      const fitting: number = open ? Math.min(end - at, open.limit - at) : 0
      if (open && (run.selection === 'read' || at + fitting === end)) {
        open.states.push(...Array<number>(fitting).fill(stateOf(run)))
        at += fitting
      } else if (run.selection === 'read') {
        open = { start: at, limit: limitOf(at, chunksOfClaim), states: [] }
        continue
      } else {
        if (open) yield close(open)
        open = undefined
        yield { kind: kindOf(run), start: at, count: end - at }
        break
      }
      if (at === open.limit) {
        yield close(open)
        open = undefined
      }
    }
  }
  if (open) yield close(open)
}

interface OpenClaim {
  readonly start: number
  readonly limit: number
  readonly states: number[]
}

function limitOf(start: number, chunksOfClaim: number): number {
  const pageEnd = (Math.floor(start / PAGE_CHUNKS) + 1) * PAGE_CHUNKS
  return Math.min(start + chunksOfClaim, pageEnd)
}

function close({ start, states }: OpenClaim): Claim {
  return { start, states: Uint8Array.from(states) }
}

function kindOf({ selection }: SelectedRun): RunKind {
  return selection === 'base' ? RUN_KINDS.BASE : RUN_KINDS.ZERO
}

function stateOf(run: SelectedRun): number {
  return run.selection === 'read' ? READ : kindOf(run)
}

import { type RunKind } from '../../core/model/pass-checksum.ts';
import type { SelectedRun } from './select-chunks.ts';
/** What became of a chunk: one of RUN_KINDS, or DATA: it is sent. READ: not known yet. */
export declare const DATA = 4;
export declare const READ = 5;
/** A stretch of a disk that one worker reads at once. It lies inside one page of the map. */
export interface Claim {
    readonly start: number;
    /** One state a chunk. */
    readonly states: Uint8Array;
}
/** Many chunks that need no look. */
export interface IdleRun {
    readonly kind: RunKind;
    readonly start: number;
    readonly count: number;
}
/** Buffers of FRAME_BYTES that a claim takes along: it never waits for one while it is read. */
export declare const CLAIM_BUFFERS = 5;
/** Records that surely fit a frame buffer, even when each is incompressible and a frame of its own. */
export declare function recordsInBuffer(chunkBytes: number): number;
/** Chunks of one claim: as many as its buffers hold at worst. Smaller ones make small frames. */
export declare function claimChunks(chunkBytes: number): number;
/**
 * Cuts a disk into claims and idle runs, in disk order. Short idle runs stay inside a claim, so that
 * a disk of many small holes is not cut into claims of one chunk.
 */
export declare function cutIntoClaims(runs: AsyncIterable<SelectedRun>, chunksOfClaim: number): AsyncIterable<Claim | IdleRun>;

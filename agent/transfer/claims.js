import { RECORD_HEADER_BYTES } from "../../core/chunk/record.js";
import { compressBound } from "../../core/chunk/codec.js";
import { PAGE_CHUNKS } from "../../core/model/geometry.js";
import { RUN_KINDS } from "../../core/model/pass-checksum.js";
import { FRAME_PREFIX_BYTES } from "../../core/wire/frame.js";
import { FRAME_BYTES } from "../../core/wire/options.js";
/** What became of a chunk: one of RUN_KINDS, or DATA: it is sent. READ: not known yet. */
export const DATA = 4;
export const READ = 5;
/** Buffers of FRAME_BYTES that a claim takes along: it never waits for one while it is read. */
export const CLAIM_BUFFERS = 5;
/** Records that surely fit a frame buffer, even when each is incompressible and a frame of its own. */
export function recordsInBuffer(chunkBytes) {
    const overhead = FRAME_PREFIX_BYTES + RECORD_HEADER_BYTES;
    // The last one needs room to be tried; what does not shrink is then stored plain.
    const room = FRAME_BYTES - overhead - compressBound(chunkBytes);
    return 1 + Math.floor(room / (overhead + chunkBytes));
}
/** Chunks of one claim: as many as its buffers hold at worst. Smaller ones make small frames. */
export function claimChunks(chunkBytes) {
    return Math.min(CLAIM_BUFFERS * recordsInBuffer(chunkBytes), PAGE_CHUNKS / 4);
}
/**
 * Cuts a disk into claims and idle runs, in disk order. Short idle runs stay inside a claim, so that
 * a disk of many small holes is not cut into claims of one chunk.
 */
export async function* cutIntoClaims(runs, chunksOfClaim) {
    let open;
    for await (const run of runs) {
        for (let at = run.start, end = run.start + run.count; at < end;) {
            const fitting = open ? Math.min(end - at, open.limit - at) : 0;
            if (open && (run.selection === 'read' || at + fitting === end)) {
                open.states.push(...Array(fitting).fill(stateOf(run)));
                at += fitting;
            }
            else if (run.selection === 'read') {
                open = { start: at, limit: limitOf(at, chunksOfClaim), states: [] };
                continue;
            }
            else {
                if (open)
                    yield close(open);
                open = undefined;
                yield { kind: kindOf(run), start: at, count: end - at };
                break;
            }
            if (at === open.limit) {
                yield close(open);
                open = undefined;
            }
        }
    }
    if (open)
        yield close(open);
}
function limitOf(start, chunksOfClaim) {
    const pageEnd = (Math.floor(start / PAGE_CHUNKS) + 1) * PAGE_CHUNKS;
    return Math.min(start + chunksOfClaim, pageEnd);
}
function close({ start, states }) {
    return { start, states: Uint8Array.from(states) };
}
function kindOf({ selection }) {
    return selection === 'base' ? RUN_KINDS.BASE : RUN_KINDS.ZERO;
}
function stateOf(run) {
    return run.selection === 'read' ? READ : kindOf(run);
}
//# sourceMappingURL=claims.js.map
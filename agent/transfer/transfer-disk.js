import { chunkOffset } from "../../core/model/geometry.js";
import { openClaimInput } from "./claim-input.js";
import { claimChunks, cutIntoClaims } from "./claims.js";
import { MapCursor } from "./map-cursor.js";
import { PassWriter } from "./pass-writer.js";
import { selectChunks } from "./select-chunks.js";
/** Claims under way beyond one for each worker: keeps the workers busy while frames are sent. */
const CLAIMS_AHEAD = 2;
const ITEMS_AHEAD = 64;
/**
 * One pass over one disk, from its bytes to the frames of a push, DiskEnd included:
 * 1. select what must be read, from the allocation and the change record (select-chunks);
 * 2. cut it into claims (claims), each with its page of the map beside it (map-cursor);
 * 3. workers read, compare and compress claims (read-claim), a few at a time;
 * 4. what they give is put back in disk order (pass-writer).
 * Memory does not grow with the disk. A frame's bytes stay valid until the next one is asked for.
 */
export async function* transferDisk(options) {
    const pass = new DiskPass(options);
    try {
        yield* pass.frames();
    }
    finally {
        await pass.close();
    }
}
class DiskPass {
    #o;
    #shape;
    #writer;
    #map;
    /** Shared with the workers: set once nobody wants their results any more. */
    #stop = new Int32Array(new SharedArrayBuffer(4));
    #queue = [];
    #ended = new AbortController();
    #signal;
    #reading = 0;
    #input;
    constructor(options) {
        this.#o = options;
        const { disk, ordinal, chunkBytes, level } = options;
        this.#shape = { ordinal, name: disk.name, sizeBytes: disk.sizeBytes, chunkBytes, level };
        this.#writer = new PassWriter(ordinal);
        this.#signal = AbortSignal.any([options.signal, this.#ended.signal]);
        this.#map = options.pages && new MapCursor(options.pages);
    }
    async *frames() {
        const { disk, chunkBytes, changed, signal, pool } = this.#o;
        const chunks = claimChunks(chunkBytes);
        this.#input = await openClaimInput(disk, chunkBytes, chunks);
        const selected = selectChunks(this.#shape, disk.reader.allocation(this.#signal), changed);
        for await (const item of cutIntoClaims(selected, chunks)) {
            signal.throwIfAborted();
            this.#queue.push('states' in item ? await this.#begin(item, this.#input) : item);
            while (this.#reading > pool.workers + CLAIMS_AHEAD || this.#queue.length > ITEMS_AHEAD)
                yield* this.#emitNext();
        }
        while (this.#queue.length > 0)
            yield* this.#emitNext();
        yield* this.#throttled(this.#writer.end());
    }
    /** Waits until no worker touches the disk or the memory any more. */
    async close() {
        Atomics.store(this.#stop, 0, 1);
        this.#ended.abort();
        const replies = this.#queue.flatMap((item) => ('reply' in item ? [item.reply] : []));
        for (const result of await Promise.allSettled(replies))
            if (result.status === 'fulfilled')
                this.#o.pool.giveBack(result.value.buffers);
        await this.#map?.close();
        await this.#input?.close();
    }
    async #begin(claim, input) {
        const known = await this.#map?.digests(claim.start, claim.states.length);
        const reply = input.prepare(claim, this.#signal).then((from) => this.#o.pool.read({
            disk: this.#shape,
            start: claim.start,
            states: claim.states,
            from,
            known,
            stop: this.#stop,
        }));
        reply.catch(() => { }); // thrown where it is awaited, in disk order
        this.#reading++;
        return { claim, reply };
    }
    async *#emitNext() {
        const item = this.#queue[0];
        if (!item)
            return;
        if (!('reply' in item)) {
            this.#queue.shift();
            yield* this.#throttled(this.#writer.idle(item));
            return;
        }
        const reply = await item.reply;
        this.#o.signal.throwIfAborted();
        this.#queue.shift();
        this.#reading--;
        this.#input?.giveBack(reply.plain);
        yield* this.#throttled(this.#writer.claim(item.claim, reply));
        this.#o.pool.giveBack(reply.buffers);
        this.#report();
    }
    async *#throttled(frames) {
        for (const frame of frames) {
            this.#o.signal.throwIfAborted();
            if ('records' in frame)
                await this.#o.throttle.take(frame.records.length, this.#o.signal);
            yield frame;
        }
    }
    #report() {
        const { counts } = this.#writer;
        const doneBytes = Math.min(chunkOffset(counts.chunks, this.#o.chunkBytes), this.#o.disk.sizeBytes);
        this.#o.onProgress?.({ ...counts, doneBytes });
    }
}
//# sourceMappingURL=transfer-disk.js.map
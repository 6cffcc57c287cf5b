import { alignedMemory } from '../../core/runtime/aligned-memory.ts'
import { Share } from '../../core/runtime/share.ts'

/** Memory for direct writes: whole pages, which Node's own buffers are not. */
export const STAGING_BYTES = 1024 * 1024

const BATCH = 4
/** Free ones beyond these are left to the collector: many writers at once are rare. */
const KEPT = 4 * BATCH

/** Writes under way of all writers; one alone has as many as keep a disk busy. */
const FLIGHTS = 24
const FLIGHTS_OF_ONE = { least: 1, most: 4 }

/** Recycles staging buffers; grows by 4 MiB, bounded by the writers' own limits. */
export class StagingPool {
  /** Writes that each writer may have under way before it is held back. */
  readonly flights = new Share(FLIGHTS, FLIGHTS_OF_ONE)
  readonly #free: Buffer[] = []

  take(): Buffer {
    if (this.#free.length === 0) this.#grow()
    const buffer = this.#free.pop()
    if (!buffer) throw new Error('staging did not grow')
    return buffer
  }

  give(buffer: Buffer): void {
    if (this.#free.length < KEPT) this.#free.push(buffer)
  }

  #grow(): void {
    const memory = alignedMemory(BATCH * STAGING_BYTES)
    for (let i = 0; i < BATCH; i++)
      this.#free.push(Buffer.from(memory, i * STAGING_BYTES, STAGING_BYTES))
  }
}

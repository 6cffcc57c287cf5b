import { alignedMemory } from '../../core/runtime/aligned-memory.ts'

/** Memory for direct writes: whole pages, which Node's own buffers are not. */
export const STAGING_BYTES = 1024 * 1024

const BATCH = 4

/** Recycles staging buffers; grows by 4 MiB and never shrinks, bounded by the writers' own limits. */
export class StagingPool {
  readonly #free: Buffer[] = []

  take(): Buffer {
    if (this.#free.length === 0) this.#grow()
    const buffer = this.#free.pop()
    if (!buffer) throw new Error('staging did not grow')
    return buffer
  }

  give(buffer: Buffer): void {
    this.#free.push(buffer)
  }

  #grow(): void {
    const memory = alignedMemory(BATCH * STAGING_BYTES)
    for (let i = 0; i < BATCH; i++)
      this.#free.push(Buffer.from(memory, i * STAGING_BYTES, STAGING_BYTES))
  }
}

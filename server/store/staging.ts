/** Memory for direct writes: whole pages, which Node's own buffers are not. */
export const STAGING_BYTES = 1024 * 1024

/** Lengths and positions of direct writes are multiples of this. */
export const DIRECT_UNIT = 4096

// Neither the language's nor Node's types have it.
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer }
}

const WASM_PAGE_BYTES = 64 * 1024
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

  /** Memory of WebAssembly starts at a page, and so do its whole MiB. */
  #grow(): void {
    const pages = (BATCH * STAGING_BYTES) / WASM_PAGE_BYTES
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages })
    for (let i = 0; i < BATCH; i++)
      this.#free.push(Buffer.from(buffer, i * STAGING_BYTES, STAGING_BYTES))
  }
}

/** Lengths, positions and memory of direct reads and writes are multiples of this. */
export const DIRECT_UNIT = 4096

// Neither the language's nor Node's types have it.
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer }
}

const WASM_PAGE_BYTES = 64 * 1024

/** Memory that starts at a page, which Node's own buffers do not; it can be neither given away nor freed. */
export function alignedMemory(bytes: number): ArrayBuffer {
  const pages = Math.ceil(bytes / WASM_PAGE_BYTES)
  return new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer
}

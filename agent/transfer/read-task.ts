import type { KnownDigests } from './map-cursor.ts'

/** One claim, with all that its worker needs: it waits for nothing and nobody. */
export interface ReadTask {
  readonly disk: ReadDisk
  readonly start: number
  readonly states: Uint8Array
  /** Where the bytes are: a file to read from, or the chunks to read one behind the other. */
  readonly from: { readonly fd: number } | { readonly plain: ArrayBuffer }
  readonly known: KnownDigests | undefined
  readonly buffers: readonly ArrayBuffer[]
  /** Shared; not 0: nobody wants the result any more. */
  readonly stop: Int32Array
}

/** What all claims of one pass over a disk have in common. */
export interface ReadDisk {
  readonly ordinal: number
  readonly name: string
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly level: number
}

export interface ReadReply {
  readonly states: Uint8Array
  /** CRC-32 of each chunk that was read and holds data, 1 where that is 0; 0 for the others. */
  readonly crcs: Uint32Array
  readonly frames: readonly ClaimFrame[]
  readonly buffers: readonly ArrayBuffer[]
  readonly plain: ArrayBuffer | undefined
  readonly readBytes: number
  readonly comparedBytes: number
}

/** Records of neighbouring chunks, in one of the buffers, with room in front for the prefix. */
export interface ClaimFrame {
  readonly buffer: number
  readonly begin: number
  readonly end: number
  /** Index of its last chunk; the chunks between its records are runs. */
  readonly last: number
  readonly count: number
}

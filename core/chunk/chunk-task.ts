import type { DamagedRecord, ExpectedRecords } from './expected.ts'
import type { RecordTable } from './inspect.ts'
import type { FileSlice } from './read-region.ts'
import type { PlainPiece, RestoredDisk } from './restore.ts'
import type { SinkFile } from './write-plain.ts'

/** A stretch of memory that moves between threads. */
export interface Memory {
  readonly memory: ArrayBuffer
  readonly offset: number
  readonly length: number
}

/** What a chunk worker does, one task at a time. Replies give the memory back. */
export type ChunkTask = InspectTask | ServeTask | VerifyTask | OpenTask | DecodeTask | WriteTask

export interface InspectTask {
  readonly kind: 'inspect'
  readonly records: Memory
}
export interface InspectReply {
  readonly records: Memory
  readonly table: Omit<RecordTable, 'digests'> & { readonly digests: Uint8Array }
}

export interface ServeTask {
  readonly kind: 'serve'
  /** Room for the region; already filled where `slices` is empty. */
  readonly region: Memory
  readonly slices: readonly FileSlice[]
  readonly expected: ExpectedRecords
  readonly places: Float64Array
}
export interface ServeReply {
  readonly region: Memory
  /** What the good records take, from the region's start. */
  readonly bytes: number
  readonly damaged: DamagedRecord[]
}

export interface VerifyTask {
  readonly kind: 'verify'
  /** The region, or undefined: then the worker reads `slices` into memory of its own. */
  readonly region: Memory | undefined
  readonly slices: readonly FileSlice[]
  readonly expected: ExpectedRecords
}
export interface VerifyReply {
  readonly damaged: DamagedRecord[]
}

/** Records of packs, as the catalog expects them, to plain bytes one behind the other. */
export interface OpenTask {
  readonly kind: 'open'
  readonly region: Memory
  readonly expected: ExpectedRecords
  readonly room: Memory
}
export interface OpenReply {
  readonly room: Memory
  /** What is said of `room` counts for all others. */
  readonly damaged: DamagedRecord[]
}

export interface DecodeTask {
  readonly kind: 'decode'
  readonly records: Memory
  readonly from: number
  readonly room: Memory
  readonly disk: RestoredDisk
}
export interface DecodeReply {
  readonly records: Memory
  readonly room: Memory
  readonly pieces: PlainPiece[]
  readonly next: number
}

export interface WriteTask {
  readonly kind: 'write'
  readonly records: Memory
  readonly disk: RestoredDisk
  readonly file: SinkFile
}
export interface WriteReply {
  readonly bytes: number
}

/** The bytes as a view, without a copy. */
export function bytesOf({ memory, offset, length }: Memory): Buffer {
  return Buffer.from(memory, offset, length)
}

/** Larger than the prefixes of any frame: what lies in front of bytes that own their memory. */
const MOST_HEADROOM = 64

/**
 * Bytes as memory that can be given away. Small messages share a pool's memory with others: those
 * are copied.
 */
export function memoryOf(bytes: Buffer): Memory {
  const { buffer, byteOffset: offset, length } = bytes
  const owned =
    buffer instanceof ArrayBuffer &&
    offset <= MOST_HEADROOM &&
    offset + length === buffer.byteLength &&
    length > Buffer.poolSize
  if (owned) return { memory: buffer, offset, length }
  return { memory: new Uint8Array(bytes).buffer, offset: 0, length }
}

/**
 * Frees memory now. Buffers of 1 MiB that wait for the garbage collector pile up to hundreds of
 * them. Nothing may use any view of it afterwards.
 */
export function freeMemory(memory: ArrayBuffer): void {
  memory.transfer(0)
}

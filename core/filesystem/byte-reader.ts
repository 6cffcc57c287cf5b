/** A disk's bytes at any place: all that a reader of a guest's file system gets to touch. */
export interface ByteReader {
  readonly sizeBytes: number
  /** Exactly `length` bytes at `offset`. Refuses what lies outside [0, sizeBytes). */
  read(offset: number, length: number): Promise<Buffer>
}

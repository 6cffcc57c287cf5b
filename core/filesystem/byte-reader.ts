/** A disk's bytes at any place: all that a reader of a guest's file system gets to touch. */
export interface ByteReader {
  readonly sizeBytes: number
  /** Exactly `length` bytes at `offset`. Refuses what lies outside [0, sizeBytes). */
  read(offset: number, length: number): Promise<Buffer>
  /**
   * Where the first of `length` bytes at `offset` are stored as they read here, and how many of them
   * in one piece. Undefined where they are other bytes than any disk has, or where nobody knows.
   */
  stored?(offset: number, length: number): StoredBytes | undefined
}

/** Bytes of one of a point's disks. */
export interface StoredBytes {
  readonly disk: string
  readonly offset: number
  readonly length: number
}

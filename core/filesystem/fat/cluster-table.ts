import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'

/** Clusters that follow each other on the disk, and the number that the last of them points to. */
export interface ClusterRun {
  readonly first: number
  readonly count: number
  /** Unchecked; at or above `endMark` the chain ends here. */
  readonly next: number
}

const WINDOW_BYTES = 16 * 1024

/** The table that tells of each cluster which one comes after it. `bits` 32 for exFAT as well. */
export class ClusterTable {
  readonly #disk: ByteReader
  readonly #offset: number
  readonly #bits: 12 | 16 | 32
  readonly #mask: number
  readonly clusterCount: number
  readonly endMark: number

  constructor(
    disk: ByteReader,
    offset: number,
    shape: { bits: 12 | 16 | 32; clusterCount: number; isExfat?: boolean },
  ) {
    this.#disk = disk
    this.#offset = offset
    this.#bits = shape.bits
    this.#mask = { 12: 0xfff, 16: 0xffff, 32: shape.isExfat ? 0xffffffff : 0x0fffffff }[shape.bits]
    this.clusterCount = shape.clusterCount
    this.endMark = this.#mask - 7
  }

  requireCluster(cluster: number): void {
    if (cluster < 2 || cluster >= this.clusterCount + 2)
      throw damaged(`a chain leads to cluster ${cluster}; there are ${this.clusterCount}`)
  }

  /** From a valid cluster on as far as one window of the table shows; the same at each call. */
  async runFrom(first: number): Promise<ClusterRun> {
    this.requireCluster(first)
    // Entries of 12 bits cross bytes; that table is small enough to be one window.
    const perWindow = this.#bits === 12 ? 4096 : (WINDOW_BYTES * 8) / this.#bits
    const start = first - (first % perWindow)
    const end = Math.min(start + perWindow, this.clusterCount + 2)
    const from = (start * this.#bits) / 8
    const bytes = Math.ceil((end * this.#bits) / 8) - from
    const window = await readChecked(this.#disk, this.#offset + from, bytes)
    for (let cluster = first; ; cluster++) {
      const next = this.#entry(window, cluster - start)
      if (next !== cluster + 1 || next >= end) return { first, count: cluster - first + 1, next }
    }
  }

  /** What the table says of a number, 0 and 1 (flags) included. */
  async entry(cluster: number): Promise<number> {
    const from = Math.floor((cluster * this.#bits) / 8)
    const window = await readChecked(this.#disk, this.#offset + from, 4)
    if (this.#bits === 12) return (window.readUInt16LE(0) >> (cluster % 2 === 1 ? 4 : 0)) & 0xfff
    return this.#entry(window, 0)
  }

  #entry(window: Buffer, index: number): number {
    if (this.#bits === 32) return (window.readUInt32LE(index * 4) & this.#mask) >>> 0
    if (this.#bits === 16) return window.readUInt16LE(index * 2)
    const at = Math.floor(index * 1.5)
    const low = window.readUInt8(at)
    const high = window.readUInt8(at + 1)
    return index % 2 === 0 ? low | ((high & 0x0f) << 8) : (low >> 4) | (high << 4)
  }
}

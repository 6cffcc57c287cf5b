import { damaged } from '../../damaged.ts'
import { readChecked } from '../../mapped-file.ts'
import type { XfsVolume } from '../volume.ts'

export const SECTOR_BYTES = 512
export const RECORD_MAGIC = 0xfeedbabe

/** The log is a ring of sectors, each of which begins with the number of the round it was written in. */
export class LogRing {
  readonly sectors: number
  readonly hasChecksums: boolean
  readonly #volume: XfsVolume
  readonly #start: number

  constructor(volume: XfsVolume) {
    const { logStart, logBlocks, blockBytes, version } = volume.geometry
    this.hasChecksums = version === 5
    this.#volume = volume
    this.#start = volume.placeOf(logStart, logBlocks)
    this.sectors = (logBlocks * blockBytes) / SECTOR_BYTES
    if (this.sectors < 1) throw damaged('xfs: the log has no place')
  }

  wrap(sector: number): number {
    return ((sector % this.sectors) + this.sectors) % this.sectors
  }

  /** Also across the end of the ring. */
  async read(sector: number, count = 1): Promise<Buffer> {
    if (count > this.sectors) throw damaged(`xfs: a log of ${this.sectors} sectors has ${count}`)
    const first = this.wrap(sector)
    const head = Math.min(count, this.sectors - first)
    const bytes = await this.#at(first, head)
    if (head === count) return bytes
    return Buffer.concat([bytes, await this.#at(0, count - head)])
  }

  async roundOf(sector: number): Promise<number> {
    return roundOf(await this.read(sector), 0)
  }

  #at(sector: number, count: number): Promise<Buffer> {
    const { disk } = this.#volume
    return readChecked(disk, this.#start + sector * SECTOR_BYTES, count * SECTOR_BYTES)
  }
}

export function roundOf(bytes: Buffer, at: number): number {
  const word = bytes.readUInt32BE(at)
  return word === RECORD_MAGIC ? bytes.readUInt32BE(at + 4) : word
}

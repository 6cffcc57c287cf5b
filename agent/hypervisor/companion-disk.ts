import { open, stat, type FileHandle } from 'node:fs/promises'
import type { DiskReader } from '../../core/disk/disk.ts'
import { RawFile } from '../../core/disk/raw-file.ts'
import type { Companion } from '../../core/machine/configuration.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { SourceDisk, TrackerClaim } from '../source/source.ts'

/** What a point has beside a VM's disks, read as a disk of its own out of a copy as of the instant. */
export class CompanionDisk implements SourceDisk {
  readonly companion: Companion
  readonly sizeBytes: number
  readonly format = 'raw'
  readonly tracker: TrackerClaim = { bases: [], reason: 'no-tracker' }
  #file: FileHandle | undefined
  #reader: RawFile | undefined

  constructor(companion: Companion, sizeBytes: number) {
    this.companion = companion
    this.sizeBytes = sizeBytes
  }

  get name(): string {
    return this.companion.name
  }

  /** The copy, whatever becomes of its name. */
  get rawPath(): string | undefined {
    return this.#file && `/proc/${process.pid}/fd/${this.#file.fd}`
  }

  get reader(): DiskReader {
    if (!this.#reader) throw new RangeError(`${this.name} was not copied yet`)
    return this.#reader
  }

  /** Nobody writes to the copy any more. */
  async open(path: string): Promise<void> {
    const { size } = await stat(path)
    if (size !== this.sizeBytes)
      throw new HoldfastError('vm-busy', `${this.name} changed its size while the point began`)
    this.#file = await open(path, 'r')
    const { sizeBytes } = this
    this.#reader = new RawFile(this.#file, { path, sizeBytes, trustHoles: true })
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }
}

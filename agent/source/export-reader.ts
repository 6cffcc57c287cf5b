import type { AllocatedExtent, DiskReader } from '../../core/disk/disk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { NbdDiskReader } from '../../core/nbd/nbd-disk.ts'
import type { NbdExport } from './nbd-export.ts'

export type Allocation = () => AsyncIterable<AllocatedExtent>

/** A disk read through an export that can be started afresh, which forgets what it had cached. */
export class ExportReader implements DiskReader {
  readonly sizeBytes: number
  readonly #start: () => Promise<NbdExport>
  readonly #allocation: Allocation | undefined
  #export: NbdExport
  #reader: NbdDiskReader

  /** `allocation`: where the format's own tables say more than the export does. */
  constructor(first: NbdExport, start: () => Promise<NbdExport>, allocation?: Allocation) {
    this.#allocation = allocation
    this.#export = first
    this.#start = start
    this.#reader = new NbdDiskReader(first.client)
    this.sizeBytes = first.client.sizeBytes
  }

  read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#reader.read(offset, into, signal)
  }

  allocation(signal?: AbortSignal): AsyncIterable<AllocatedExtent> {
    return this.#allocation ? this.#allocation() : this.#reader.allocation(signal)
  }

  async reopen(): Promise<void> {
    await this.#export.close()
    this.#export = await this.#start()
    this.#reader = new NbdDiskReader(this.#export.client)
    const { sizeBytes } = this.#export.client
    if (sizeBytes !== this.sizeBytes)
      throw new HoldfastError(
        'source-unsettled',
        `the disk changed its size between two passes: ${this.sizeBytes} bytes, now ${sizeBytes}`,
      )
  }

  close(): Promise<void> {
    return this.#export.close()
  }
}

import type { DiskReader } from '../../core/disk/disk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Extent } from '../../core/model/extent.ts'
import { bitmapContext, startNbdExport } from '../source/nbd-export.ts'
import type { SourceDisk, TrackerClaim } from '../source/source.ts'
import type { OffDisk, OffVm } from './off-view.ts'

const STATE_DIRTY = 1

/** A disk of a VM that is off: its image as it lies, with the bitmaps inside it, or a clone. */
export class OffImage implements SourceDisk {
  readonly #disk: OffDisk
  readonly #vm: OffVm
  readonly #whatEnded: (error: unknown) => Promise<unknown>
  opened: SourceDisk | undefined
  base: string | undefined

  constructor(disk: OffDisk, vm: OffVm, whatEnded: (error: unknown) => Promise<unknown>) {
    this.#disk = disk
    this.#vm = vm
    this.#whatEnded = whatEnded
  }

  get name(): string {
    return this.#disk.name
  }

  get format(): string {
    return this.#disk.format
  }

  get sizeBytes(): number {
    return this.#clone?.sizeBytes ?? this.#disk.sizeBytes
  }

  get tracker(): TrackerClaim {
    const { tracker, isCloned, name } = this.#disk
    if (!isCloned) return tracker
    return this.#clone?.tracker ?? { bases: [], reason: this.#vm.clones.reason(name) }
  }

  get rawPath(): string | undefined {
    return this.opened?.rawPath
  }

  get reader(): DiskReader {
    if (!this.opened) throw new RangeError(`the disk ${this.name} was not opened yet`)
    return this.opened.reader
  }

  get #clone(): SourceDisk | undefined {
    return this.#vm.clones.disk(this.name)
  }

  /** What the change record of the base counts. */
  async *changed(signal?: AbortSignal): AsyncIterable<Extent> {
    try {
      yield* this.#clone?.changed?.(signal) ?? this.#dirty(signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw await this.#whatEnded(error)
    }
  }

  async *#dirty(signal?: AbortSignal): AsyncIterable<Extent> {
    if (this.base === undefined) throw new RangeError(`${this.name} has no change record`)
    const { clock, searchPath } = this.#vm.context
    const bitmap = await this.#disk.bitmaps?.counting(this.base)
    if (bitmap === undefined) throw noBitmap(this.#disk.path, this.base)
    const exported = await startNbdExport({
      node: { ...this.#disk.node, 'force-share': true },
      ...{ name: this.#disk.path, bitmap, clock, searchPath, signal },
    })
    try {
      const { client } = exported
      if (!client.hasContext(bitmapContext(bitmap))) throw noBitmap(this.#disk.path, bitmap)
      for await (const { offset, length, flags } of client.statuses(bitmapContext(bitmap), signal))
        if ((flags & STATE_DIRTY) !== 0) yield { offset, length }
    } finally {
      await exported.close()
    }
  }
}

function noBitmap(path: string, which: string): HoldfastError {
  return new HoldfastError('tool-failed', `qemu-nbd does not show the bitmap ${which} of ${path}`)
}

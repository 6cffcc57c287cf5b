import type { DiskReader } from '../../core/disk/disk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Extent } from '../../core/model/extent.ts'
import type { ImageFormat } from '../source/image-format.ts'
import type { BlockNode } from '../source/image-layout.ts'
import { ImageView } from '../source/image-view.ts'
import { bitmapContext, startNbdExport } from '../source/nbd-export.ts'
import type { DiskContext } from '../source/opened-disk.ts'
import type {
  Evidence,
  Instant,
  Settlement,
  SourceDisk,
  SourceView,
  TrackerClaim,
  ViewPlan,
} from '../source/source.ts'
import type { BitmapNames } from './bitmap.ts'
import type { ImageBitmaps } from './image-bitmaps.ts'

const STATE_DIRTY = 1

export interface OffDisk {
  readonly name: string
  readonly path: string
  readonly format: ImageFormat
  readonly sizeBytes: number
  readonly node: BlockNode
  readonly tracker: TrackerClaim
  /** Where the format can hold any. */
  readonly bitmaps: ImageBitmaps | undefined
}

export interface OffVm {
  readonly name: string
  readonly disks: readonly OffDisk[]
  readonly allowed: readonly string[]
  readonly configuration: string
  readonly warnings: readonly string[]
  readonly names: BitmapNames
  readonly context: DiskContext
}

/**
 * A VM that is off: its images, with the bitmaps inside them. The images are opened so that the VM
 * can be started all the while; when it is, this attempt is worth nothing and the next one takes the
 * running VM.
 */
export class OffView implements SourceView {
  readonly powerState = 'off'
  readonly disks: readonly TrackedImage[]
  readonly #vm: OffVm
  #images: ImageView | undefined
  #plan: ViewPlan | undefined
  #fate: 'cut' | 'unknown' | 'committed' = 'cut'

  constructor(vm: OffVm) {
    this.#vm = vm
    this.disks = vm.disks.map((disk) => new TrackedImage(disk, vm, this))
  }

  get configuration(): string {
    return this.#vm.configuration
  }

  get instant(): Instant {
    return { paused: false, hasMemory: false, warnings: this.#vm.warnings }
  }

  get capturedAt(): string {
    return this.#view.capturedAt
  }

  get #view(): ImageView {
    if (!this.#images) throw new RangeError('this view was not begun')
    return this.#images
  }

  /** New bitmaps first: they write to the images, which are watched from then on. */
  async begin(plan: ViewPlan): Promise<void> {
    this.#plan = plan
    for (const { bitmaps } of this.#vm.disks) await bitmaps?.add(plan.versionUid)
    const { disks, allowed, context } = this.#vm
    this.#images = await ImageView.open(disks, allowed, { ...context, isShared: true })
    for (const [at, disk] of this.disks.entries()) {
      disk.opened = this.#images.disks[at]
      disk.base = plan.tracked.has(disk.name) ? plan.baseUid : undefined
    }
  }

  /** Once it was started nothing that was read counts; else what went wrong does. */
  async whatEnded(error: unknown): Promise<unknown> {
    const settlement = await this.#view.settled().catch(() => undefined)
    if (settlement === undefined || settlement.settled) return error
    return started(this.#vm.name, settlement.reason)
  }

  async settled(evidence: Evidence = { equalPass: false }): Promise<Settlement> {
    const settlement = await this.#view.settled(evidence)
    if (!settlement.settled) throw started(this.#vm.name, settlement.reason)
    this.#fate = 'unknown'
    return settlement
  }

  again(): Promise<void> {
    return this.#view.again()
  }

  async committed(versionUid: string): Promise<void> {
    this.#fate = 'committed'
    // A VM that has just been started has them open: the next point removes what is left.
    await this.#keep((uid) => uid === versionUid).catch(() => {})
  }

  async close(): Promise<void> {
    await this.#images?.close()
    const { versionUid } = this.#plan ?? {}
    if (this.#fate === 'cut' && versionUid !== undefined)
      await this.#keep((uid) => uid !== versionUid).catch(() => {})
  }

  async #keep(isWanted: (uid: string) => boolean): Promise<void> {
    for (const { bitmaps } of this.#vm.disks) await bitmaps?.keep(isWanted)
  }
}

function started(name: string, why: string): HoldfastError {
  return new HoldfastError('vm-busy', `the VM ${name} was started while it was read: ${why}`, {
    hint: 'It is tried again, now running.',
  })
}

class TrackedImage implements SourceDisk {
  readonly #disk: OffDisk
  readonly #vm: OffVm
  readonly #view: OffView
  opened: SourceDisk | undefined
  base: string | undefined

  constructor(disk: OffDisk, vm: OffVm, view: OffView) {
    this.#view = view
    this.#disk = disk
    this.#vm = vm
  }

  get name(): string {
    return this.#disk.name
  }

  get format(): string {
    return this.#disk.format
  }

  get sizeBytes(): number {
    return this.#disk.sizeBytes
  }

  get tracker(): TrackerClaim {
    return this.#disk.tracker
  }

  get rawPath(): string | undefined {
    return this.opened?.rawPath
  }

  get reader(): DiskReader {
    if (!this.opened) throw new RangeError(`the disk ${this.name} was not opened yet`)
    return this.opened.reader
  }

  /** What the bitmap of the base counts. */
  async *changed(signal?: AbortSignal): AsyncIterable<Extent> {
    try {
      yield* this.#dirty(signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw await this.#view.whatEnded(error)
    }
  }

  async *#dirty(signal?: AbortSignal): AsyncIterable<Extent> {
    if (this.base === undefined) throw new RangeError(`${this.name} has no change record`)
    const { context, names } = this.#vm
    const bitmap = names.of(this.base)
    const { clock, searchPath } = context
    const exported = await startNbdExport({
      node: { ...this.#disk.node, 'force-share': true },
      ...{ name: this.#disk.path, bitmap, clock, searchPath, signal },
    })
    try {
      const { client } = exported
      if (!client.hasContext(bitmapContext(bitmap)))
        throw new HoldfastError('tool-failed', `qemu-nbd does not show the bitmap ${bitmap}`)
      for await (const { offset, length, flags } of client.statuses(bitmapContext(bitmap), signal))
        if ((flags & STATE_DIRTY) !== 0) yield { offset, length }
    } finally {
      await exported.close()
    }
  }
}

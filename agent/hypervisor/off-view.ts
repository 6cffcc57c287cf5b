import { HoldfastError } from '../../core/model/error.ts'
import type { ImageFormat } from '../source/image-format.ts'
import type { BlockNode } from '../source/image-layout.ts'
import { ImageView } from '../source/image-view.ts'
import type { DiskContext } from '../source/opened-disk.ts'
import type {
  Evidence,
  Instant,
  Settlement,
  SourceView,
  TrackerClaim,
  ViewPlan,
} from '../source/source.ts'
import type { ImageBitmaps } from './image-bitmaps.ts'
import type { OffClones } from './off-clones.ts'
import { OffImage } from './off-image.ts'

export interface OffDisk {
  readonly name: string
  readonly path: string
  readonly format: ImageFormat
  readonly sizeBytes: number
  readonly node: BlockNode
  readonly tracker: TrackerClaim
  /** Where the format can hold any. */
  readonly bitmaps: ImageBitmaps | undefined
  /** Without bitmaps: where its file system has clones, they are its change record. */
  readonly isCloned: boolean
}

export interface OffVm {
  readonly name: string
  readonly disks: readonly OffDisk[]
  readonly clones: OffClones
  readonly allowed: readonly string[]
  readonly configuration: string
  readonly warnings: readonly string[]
  readonly context: DiskContext
}

/**
 * A VM that is off: its images, with the bitmaps inside them, or clones of them. The images are opened
 * so that the VM can be started all the while; when it is, this attempt is worth nothing and the next
 * one takes the running VM. All disks are of the moment in which it began: what was cloned before is
 * watched from then on, too.
 */
export class OffView implements SourceView {
  readonly powerState = 'off'
  readonly disks: readonly OffImage[]
  readonly #vm: OffVm
  #images: ImageView | undefined
  #plan: ViewPlan | undefined
  #fate: 'cut' | 'unknown' | 'committed' = 'cut'

  constructor(vm: OffVm) {
    this.#vm = vm
    this.disks = vm.disks.map((disk) => new OffImage(disk, vm, (error) => this.#whatEnded(error)))
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
    const { disks, clones, allowed, context } = this.#vm
    const lying = disks.filter(({ name }) => !clones.disk(name))
    this.#images = await ImageView.open(lying, allowed, { ...context, isShared: true })
    for (const disk of this.disks) {
      const at = lying.findIndex(({ name }) => name === disk.name)
      disk.opened = clones.disk(disk.name) ?? this.#images.disks[at]
      disk.base = plan.tracked.has(disk.name) ? plan.baseUid : undefined
    }
  }

  /** Once it was started nothing that was read counts; else what went wrong does. */
  async #whatEnded(error: unknown): Promise<unknown> {
    const settlement = await this.#settlement().catch(() => undefined)
    if (settlement === undefined || settlement.settled) return error
    return started(this.#vm.name, settlement.reason)
  }

  async settled(evidence: Evidence = { equalPass: false }): Promise<Settlement> {
    const settlement = await this.#settlement(evidence)
    if (!settlement.settled) throw started(this.#vm.name, settlement.reason)
    this.#fate = 'unknown'
    return settlement
  }

  async #settlement(evidence?: Evidence): Promise<Settlement> {
    const cloned = await this.#vm.clones.settled()
    return cloned.settled ? this.#view.settled(evidence) : cloned
  }

  again(): Promise<void> {
    return this.#view.again()
  }

  async committed(versionUid: string): Promise<void> {
    this.#fate = 'committed'
    // A VM that has just been started has them open: the next point removes what is left.
    await this.#keep((uid) => uid === versionUid).catch(() => {})
    // What this view never read, because an attempt before it had been acknowledged, is no record.
    if (this.#plan?.versionUid === versionUid) await this.#vm.clones.keep(versionUid)
  }

  async close(): Promise<void> {
    try {
      await this.#images?.close()
    } finally {
      await this.#vm.clones.close()
    }
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

import type { DiskReader } from '../../core/disk/disk.ts'
import { toHoldfastError, type HoldfastError } from '../../core/model/error.ts'
import type { Extent } from '../../core/model/extent.ts'
import type {
  Instant,
  InstantWishes,
  Settlement,
  SourceDisk,
  SourceView,
  TrackerClaim,
  ViewPlan,
} from '../source/source.ts'
import { removeBitmaps } from './bitmap-turns.ts'
import type { CompanionDisk } from './companion-disk.ts'
import { dropPrepared, prepareFreeze, type PreparedFreeze } from './freeze-preparation.ts'
import type { FreezeSetting } from './freeze-request.ts'
import { FrozenDisks } from './frozen-disks.ts'
import type { FrozenReader } from './frozen-reader.ts'
import type { InstantContext, InstantHooks } from './instant-hooks.ts'
import { lackingWarnings } from './lacking.ts'
import type { LiveDisk } from './live-disk.ts'
import type { LiveMachine } from './live-machine.ts'
import type { MonitorLease } from './monitors.ts'
import { ownerOf, watchSpace } from './scratch.ts'
import { migratableXml } from './migratable-xml.ts'
import { judgeDisk } from './tracker-state.ts'
import type { VmContext } from './vm-context.ts'
import type { VmDeclaration } from './vm-file.ts'

export interface OpenedVm {
  readonly declaration: VmDeclaration
  readonly machine: LiveMachine
  readonly lease: MonitorLease
  readonly disks: readonly LiveDisk[]
  readonly companions: readonly CompanionDisk[]
  readonly hooks: InstantHooks
  readonly wishes: InstantWishes
  readonly signal: AbortSignal
}

/**
 * A running VM. Opened, it is only looked at; begun, its disks are frozen at one instant. Its old
 * bitmaps stay until the server has acknowledged, its new ones go with an attempt that surely failed.
 */
export class VmView implements SourceView {
  readonly disks: readonly SourceDisk[]
  configuration = ''
  #capturedAt = ''
  #frozen: FrozenDisks | undefined
  #plan: ViewPlan | undefined
  #prepared: Promise<PreparedFreeze> | undefined
  #fate: 'cut' | 'unknown' | 'committed' = 'cut'
  #apart: Promise<void> | undefined
  #described: Promise<string> | undefined
  readonly #vm: OpenedVm
  readonly #disks: readonly VmDisk[]
  readonly #context: VmContext
  readonly #watching = new AbortController()
  readonly #broken = new AbortController()

  constructor(vm: OpenedVm, context: VmContext) {
    this.#vm = vm
    this.#context = context
    this.#disks = vm.disks.map(
      (disk) =>
        new VmDisk(disk, judgeDisk(disk, vm.machine.graph, context.names), this.#broken.signal),
    )
    this.disks = [...this.#disks, ...vm.companions]
  }

  get capturedAt(): string {
    return this.#capturedAt
  }

  get powerState(): 'running' {
    return 'running'
  }

  get instant(): Instant {
    const { paused, warnings: told } = this.#vm.hooks.outcome()
    const hasMemory = this.#frozen?.memory !== undefined
    const warnings = [...told, ...lackingWarnings(this.#left())]
    return { paused: paused || this.#frozen?.wasStopped === true, hasMemory, warnings }
  }

  prepare(job: string): Promise<void> {
    return this.#preparedFor(job).then(() => {})
  }

  /** Once; it is waited for before anything else ends. */
  #preparedFor(job: string): Promise<PreparedFreeze> {
    this.#prepared ??= this.#setting(job).then(prepareFreeze)
    this.#prepared.catch(() => {}) // thrown to whoever asked
    return this.#prepared
  }

  async #setting(job: string): Promise<FreezeSetting> {
    const { declaration, disks, companions } = this.#vm
    const { names, clock, undoLog, scratchRoot } = this.#context
    const scratch = { folder: scratchRoot(job), owner: await ownerOf(declaration.qmp) }
    return {
      ...{ job, vm: declaration.name, socket: declaration.qmp, disks, companions, names },
      ...{ scratch, undoLog, clock, nbdSocket: declaration.nbd },
      migratable: () => migratableXml(declaration),
    }
  }

  async begin(plan: ViewPlan): Promise<void> {
    this.#plan = plan
    const { declaration, lease, machine, hooks, wishes, signal } = this.#vm
    const { setting, undo } = await this.#preparedFor(plan.job)
    this.#prepared = undefined // the frozen disks have it now
    const { versionUid } = plan
    const baseOf = ({ name }: LiveDisk) => (plan.tracked.has(name) ? plan.baseUid : undefined)
    const context = { declaration, qmp: lease.qmp, machine, wishes, undo, signal }
    const frozen = await FrozenDisks.take({ ...setting, versionUid, baseOf }, undo, hooks, context)
    this.#frozen = frozen
    this.#capturedAt = new Date(frozen.capturedAt).toISOString()
    for (const disk of this.#disks) disk.reader = frozen.readers.get(disk.live)
    const give = (reason: HoldfastError) => {
      this.#broken.abort(reason)
    }
    void watchSpace(setting.scratch.folder, give, setting.clock, this.#watching.signal)
    // Nobody needs it before the end, and a monitor takes its time.
    this.#described = this.#describe(context)
    this.#described.catch(() => {}) // thrown where it is awaited
  }

  /** The whole view must still be there now that all was read. It goes while the server commits. */
  async settled(): Promise<Settlement> {
    this.#broken.signal.throwIfAborted()
    for (const { frozen } of this.#disks) await frozen.requireWhole()
    this.configuration = (await this.#described) ?? ''
    this.#fate = 'unknown' // from here on the server may commit
    this.#takeApart().catch(() => {}) // told of by close()
    return { settled: true, consistency: this.#vm.hooks.outcome().consistency }
  }

  again(): Promise<void> {
    return Promise.reject(new RangeError('a frozen view reads the same at every pass'))
  }

  async committed(versionUid: string): Promise<void> {
    this.#fate = 'committed'
    await this.#takeApart().catch(() => {}) // told of by close()
    await this.#keepBitmaps((uid) => uid === versionUid)
    await this.#dropClones()
  }

  /** From while it was off: they count from a version that is not the newest any more. */
  async #dropClones(): Promise<void> {
    for (const { path } of this.#vm.disks)
      await this.#context.clones?.drop(path).catch((error: unknown) => {
        this.#warn('a clone stays for now', error)
      })
  }

  /** Once, however often it is asked for. */
  #takeApart(): Promise<void> {
    this.#watching.abort()
    return (this.#apart ??= this.#remove())
  }

  async #remove(): Promise<void> {
    await this.#described?.catch(() => {}) // it looks at what is there
    await this.#frozen?.close()
    const prepared = await this.#prepared?.catch(() => undefined)
    if (prepared) await dropPrepared(prepared)
  }

  async close(): Promise<void> {
    try {
      await this.#takeApart().catch((error: unknown) => {
        // The record stays and is replayed; what was acknowledged is not made undone by this.
        if (this.#fate !== 'committed') throw error
        this.#warn('what the job put into the VM stays for now', error)
      })
      const { versionUid } = this.#plan ?? {}
      // Where the answer was lost both stay: the next plan says which one counts.
      if (this.#fate === 'cut' && versionUid !== undefined)
        await this.#keepBitmaps((uid) => uid !== versionUid)
    } finally {
      await this.#vm.lease.release()
    }
  }

  /** One that stays too long costs memory; the next point removes it. */
  async #keepBitmaps(isWanted: (uid: string) => boolean): Promise<void> {
    const { lease, disks } = this.#vm
    try {
      const begun = this.#plan?.versionUid
      await removeBitmaps(lease.qmp, disks, this.#context.names, isWanted, begun)
    } catch (error) {
      this.#warn('a bitmap stays for now', error)
    }
  }

  #warn(what: string, error: unknown): void {
    const { message: reason } = toHoldfastError(error)
    this.#context.log.warn(what, { vm: this.#vm.declaration.name, reason })
  }

  /** All that the point lacks: of what QEMU has, and what it has not as a disk, such as a TPM's state. */
  #left(): { name: string; path: string; reason: string }[] {
    const { declaration, machine, disks } = this.#vm
    const known = new Set(machine.disks.map(({ name }) => name))
    const others = declaration.disks.filter(({ name, reason }) => reason && !known.has(name))
    return [...machine.disks.filter((one) => !disks.includes(one)), ...others].map((one) => ({
      ...{ name: one.name, path: one.path, reason: one.reason || 'excluded' },
    }))
  }

  async #describe(context: InstantContext): Promise<string> {
    const { declaration, machine, disks, companions, hooks } = this.#vm
    const { name, uuid, firmware } = declaration
    const memory = this.#frozen?.memory
    const own = {
      kind: declaration.libvirt ? 'libvirt' : 'qemu',
      ...{ name, uuid, firmware: firmware ?? 'bios', status: machine.status },
      disks: disks.map(({ name: disk, path, format, sizeBytes }) => ({
        ...{ name: disk, path, format, sizeBytes },
      })),
      lacking: this.#left(),
      companions: companions.map(({ companion }) => companion),
      ...(memory === undefined ? {} : { memory }),
    }
    const more = await hooks.configuration?.(context)
    const migratable = this.#frozen?.migratable
    const libvirt = declaration.libvirt && { ...declaration.libvirt, migratable }
    return JSON.stringify({ ...own, ...more, libvirt })
  }
}

class VmDisk implements SourceDisk {
  readonly live: LiveDisk
  readonly tracker: TrackerClaim
  readonly rawPath = undefined
  readonly #given: AbortSignal
  #reader: FrozenReader | undefined

  constructor(live: LiveDisk, tracker: TrackerClaim, given: AbortSignal) {
    this.live = live
    this.tracker = tracker
    this.#given = given
  }

  get name(): string {
    return this.live.name
  }

  get format(): string {
    return this.live.format
  }

  get sizeBytes(): number {
    return this.live.sizeBytes
  }

  get frozen(): FrozenReader {
    this.#given.throwIfAborted()
    if (!this.#reader) throw new RangeError(`the disk ${this.name} is not frozen yet`)
    return this.#reader
  }

  get reader(): DiskReader {
    return this.frozen
  }

  set reader(reader: FrozenReader | undefined) {
    this.#reader = reader
  }

  changed(signal?: AbortSignal): AsyncIterable<Extent> {
    return this.frozen.changed(signal)
  }
}

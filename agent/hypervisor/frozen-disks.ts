import { join } from 'node:path'
import { failpoint } from '../../core/runtime/failpoint.ts'
import { beginBitmaps, copyCounted } from './bitmap-turns.ts'
import type { BlockGraph } from './block-graph.ts'
import type { CompanionDisk } from './companion-disk.ts'
import { copyWhole } from './copy-whole.ts'
import { addFilters, filterPlaces, makeTargets } from './cow-filters.ts'
import { dismantle, endExport } from './dismantle.ts'
import { memoryOf, namesOf, type FreezeRequest } from './freeze-request.ts'
import { exportFrozen, serveFrozen } from './frozen-exports.ts'
import type { FrozenReader } from './frozen-reader.ts'
import { goOn } from './go-on.ts'
import { insertFilters, needsStop, type FilterPlace } from './insertion.ts'
import type { InstantContext, InstantHooks } from './instant-hooks.ts'
import type { LiveDisk } from './live-disk.ts'
import { captureMemory, type SavedMemory } from './memory-capture.ts'
import { endSaving, lastRound, readMigrationSettings } from './migration-settings.ts'
import type { Qmp } from './qmp.ts'
import type { OpenUndo } from './vm-undo.ts'
import { wakeDisks } from './wake-disks.ts'

const STOP_MS = 5_000

/** How memory was saved, for whoever looks at the point. */
export interface MemoryFacts {
  readonly streamBytes: number
  /** For which the guest stood still, and what of it the last round and the devices took. */
  readonly pausedMs: number
  readonly lastRoundMs: number
}

/**
 * All disks of a running VM at one instant:
 * 1. all that may be left behind is written down (freeze-preparation); 2. the scratch files, of exactly the disks' sizes;
 * 3. new bitmaps: before the instant, so that they count too much and never too little;
 * 4. a copy-before-write filter for each disk, which gives way to the guest; 5. the instant: the
 * filters get into the way of the guest's writes; 6. what the old bitmaps counted is copied, after
 * the instant: again too much, never too little; 7. the frozen views are exported and read.
 * With memory, 4 and 5 come while the VM stands still behind the last round of its memory.
 */
export class FrozenDisks {
  readonly readers = new Map<LiveDisk, FrozenReader>()
  /** Wall clock, between the first and the last filter. */
  capturedAt = 0
  /** The VM was stopped by us, so that several disks share the instant. */
  wasStopped = false
  memory: MemoryFacts | undefined
  /** The devices that the saved memory is of, in libvirt's words. */
  migratable: string | undefined
  readonly #qmp: Qmp
  readonly #request: FreezeRequest
  readonly #undo: OpenUndo
  #socket: string | undefined

  private constructor(qmp: Qmp, request: FreezeRequest, undo: OpenUndo) {
    this.#qmp = qmp
    this.#request = request
    this.#undo = undo
  }

  static async take(
    request: FreezeRequest,
    undo: OpenUndo,
    hooks: InstantHooks,
    context: InstantContext,
  ): Promise<FrozenDisks> {
    const frozen = new FrozenDisks(context.qmp, request, undo)
    try {
      await frozen.#build(context.signal)
      await frozen.#instant(hooks, context)
      await frozen.#export(context.signal)
      return frozen
    } catch (error) {
      await frozen.close().catch(() => {}) // the record stays; the first error is what counts
      throw error
    }
  }

  /** Nothing of the job stays in the VM but its bitmaps. */
  async close(): Promise<void> {
    const { companions } = this.#request
    await Promise.allSettled([...this.readers.values(), ...companions].map((one) => one.close()))
    try {
      await dismantle(this.#qmp, this.#undo.record, this.#request.clock)
      await this.#undo.forget()
    } finally {
      this.#undo.end()
    }
  }

  async #build(signal: AbortSignal): Promise<void> {
    await beginBitmaps(this.#qmp, this.#request, signal)
    await makeTargets(this.#request)
    // A VM gives no disk away that a filter lies on.
    if (memoryOf(this.#request.companions)) this.#socket = await this.#serve()
    else await addFilters(this.#qmp, this.#request)
    await failpoint('vm.after-filters')
  }

  async #instant(hooks: InstantHooks, context: InstantContext): Promise<void> {
    let isTaken = false
    try {
      await hooks.beforeInstant(context)
      context.signal.throwIfAborted()
      await this.#insert(context)
      isTaken = true
    } finally {
      await hooks.afterInstant(context, isTaken)
    }
    await failpoint('vm.after-instant')
  }

  async #insert(context: InstantContext): Promise<void> {
    const { machine, signal } = context
    const { graph } = machine
    const places = filterPlaces(this.#request)
    const memory = memoryOf(this.#request.companions)
    if (memory) return this.#insertWithMemory(memory, graph, places, signal)
    const stops = needsStop(places) && !machine.isStorageDaemon && (await this.#isRunning())
    if (!stops) return this.#insertNow(graph, places)
    await this.#undo.note({ isStopped: true })
    this.wasStopped = true
    try {
      await this.#qmp.execute('stop', {}, { timeoutMs: STOP_MS })
      await failpoint('vm.while-stopped')
      await this.#insertNow(graph, places)
    } finally {
      await goOn(this.#qmp)
    }
    await this.#undo.note({ isStopped: false })
  }

  async #insertNow(graph: BlockGraph, places: readonly FilterPlace[]): Promise<void> {
    this.capturedAt = this.#request.clock.now()
    await insertFilters(this.#qmp, graph, places)
    const { companions, scratch } = this.#request
    for (const one of companions) {
      const { role, path, name } = one.companion
      if (role === 'memory') continue
      const copy = join(scratch.folder, name)
      await copyWhole(path, copy)
      await one.open(copy)
    }
  }

  /** Behind the last round the VM stands still: its disks are of the moment that its memory is of. */
  async #insertWithMemory(
    memory: CompanionDisk,
    graph: BlockGraph,
    places: readonly FilterPlace[],
    signal: AbortSignal,
  ): Promise<void> {
    const { scratch, clock, migratable } = this.#request
    const before = await readMigrationSettings(this.#qmp)
    await this.#undo.note({ memory: before })
    this.wasStopped = true
    const room = { sizeBytes: memory.sizeBytes, headBytes: memory.companion.headBytes ?? 0 }
    const meanwhile = async () => {
      await failpoint('vm.while-memory-is-saved')
      this.migratable = await migratable?.()
    }
    let saved: SavedMemory
    let stoodUntil = 0
    try {
      const qmp = this.#qmp
      saved = await captureMemory({ qmp, scratch, ...room, clock, signal, meanwhile })
      await failpoint('vm.while-memory-stands')
      await wakeDisks(this.#qmp, this.#sleeping())
      await addFilters(this.#qmp, this.#request)
      await this.#insertNow(graph, places)
    } finally {
      stoodUntil = await endSaving(this.#qmp, before, clock)
    }
    const { bytes: streamBytes, stoppedAt } = saved
    const lastRoundMs = await lastRound(this.#qmp)
    this.memory = { streamBytes, lastRoundMs, pausedMs: Math.round(stoodUntil - stoppedAt) }
    await this.#undo.note({ memory: undefined })
    for (const { exported } of this.#sleeping()) await endExport(this.#qmp, exported, clock)
    await memory.open(saved.path)
  }

  #sleeping() {
    return this.#request.disks.map(({ top }, at) => {
      return { node: top, exported: namesOf(this.#request, at).woken }
    })
  }

  async #isRunning(): Promise<boolean> {
    const { status } = await this.#qmp.execute<{ status: string }>('query-status')
    return status === 'running'
  }

  async #export(signal: AbortSignal): Promise<void> {
    await copyCounted(this.#qmp, this.#request, signal)
    const socket = this.#socket ?? (await this.#serve())
    await exportFrozen(this.#qmp, this.#request, socket, this.readers)
  }

  #serve(): Promise<string> {
    return serveFrozen(this.#qmp, this.#request)
  }
}

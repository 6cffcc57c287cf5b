import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { GRANULARITY, type BitmapNames } from './bitmap.ts'
import { BlockGraph } from './block-graph.ts'
import type { CompanionDisk } from './companion-disk.ts'
import { copyWhole } from './copy-whole.ts'
import { dismantle, endExport } from './dismantle.ts'
import { FrozenReader } from './frozen-reader.ts'
import { goOn } from './go-on.ts'
import { insertFilters, needsStop, type FilterPlace } from './insertion.ts'
import type { InstantContext, InstantHooks } from './instant-hooks.ts'
import type { LiveDisk } from './live-disk.ts'
import { captureMemory, type SavedMemory } from './memory-capture.ts'
import { endSaving, readMigrationSettings } from './migration-settings.ts'
import { QmpRefusal, type Qmp } from './qmp.ts'
import { makeScratchFile, makeScratchFolder, requireSpace, type ScratchFolder } from './scratch.ts'
import type { OpenUndo, VmUndoLog, VmUndoRecord } from './vm-undo.ts'
import { wakeDisks } from './wake-disks.ts'

/** Longest that a guest's write waits for us; past it the frozen view breaks, and the guest goes on. */
const WRITE_WAIT_SECONDS = 5
const STOP_MS = 5_000

export interface FreezeRequest {
  readonly job: string
  readonly vm: string
  readonly socket: string
  readonly disks: readonly LiveDisk[]
  readonly companions: readonly CompanionDisk[]
  readonly names: BitmapNames
  /** Version that is being made: the new bitmaps are named after it. */
  readonly versionUid: string
  /** Of the disks that are tracked, the version that their bitmap counts from. */
  readonly baseOf: (disk: LiveDisk) => string | undefined
  readonly scratch: ScratchFolder
  /** Socket of an NBD server that runs in this QEMU anyway. */
  readonly nbdSocket: string | undefined
  readonly undoLog: VmUndoLog
  readonly clock: Clock
}

interface Names {
  readonly access: string
  readonly filter: string
  readonly target: string
  readonly exported: string
  readonly woken: string
}

/** How memory was saved, for whoever looks at the point. */
export interface MemoryFacts {
  readonly streamBytes: number
  /** For which the guest stood still, and what of it the last round and the devices took. */
  readonly pausedMs: number
  readonly lastRoundMs: number
}

/**
 * All disks of a running VM at one instant:
 * 1. write down all that may be left behind; 2. the scratch files, of exactly the disks' sizes;
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
    hooks: InstantHooks,
    contextOf: (undo: OpenUndo) => InstantContext,
  ): Promise<FrozenDisks> {
    const { disks, companions, scratch, undoLog } = request
    await makeScratchFolder(scratch)
    await requireSpace(
      scratch.folder,
      disks.map(({ sizeBytes }) => sizeBytes),
      memoryOf(companions)?.sizeBytes,
    )
    const undo = await undoLog.begin(recordOf(request))
    const context = contextOf(undo)
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

  async removeBitmaps(isWanted: (uid: string) => boolean): Promise<void> {
    await removeBitmaps(this.#qmp, this.#request.disks, this.#request.names, isWanted)
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
    const { disks, companions, names, versionUid } = this.#request
    await failpoint('vm.before-bitmaps')
    const stale = names.of(versionUid)
    // Of an attempt that was cut: it began at another instant.
    await removeBitmaps(this.#qmp, disks, names, (uid) => names.of(uid) !== stale)
    const actions = disks.map(({ node, isPersistent: persistent }) => ({
      type: 'block-dirty-bitmap-add',
      data: { node, name: stale, persistent, granularity: GRANULARITY },
    }))
    await this.#qmp.execute('transaction', { actions }, { signal })
    await failpoint('vm.after-bitmaps')
    // A VM gives no disk away that a filter lies on.
    if (memoryOf(companions)) this.#socket = await this.#serve()
    else await this.#addFilters()
    await failpoint('vm.after-filters')
  }

  async #addFilters(): Promise<void> {
    const { disks, scratch } = this.#request
    for (const [at, disk] of disks.entries()) {
      const { target, filter } = namesOf(this.#request, at)
      const filename = await makeScratchFile(scratch, `${target}.raw`, disk.sizeBytes)
      await this.#qmp.execute('blockdev-add', {
        driver: 'raw',
        'node-name': target,
        file: { driver: 'file', filename, discard: 'unmap' },
      })
      await this.#qmp.execute('blockdev-add', {
        driver: 'copy-before-write',
        'node-name': filter,
        file: disk.below,
        target,
        'on-cbw-error': 'break-snapshot',
        'cbw-timeout': WRITE_WAIT_SECONDS,
      })
    }
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
    const places = this.#places()
    // Of the graph with the filters in it; read before the VM is stopped.
    const graph = await BlockGraph.read(this.#qmp, signal)
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
    const { scratch, clock } = this.#request
    const before = await readMigrationSettings(this.#qmp)
    await this.#undo.note({ memory: before })
    this.wasStopped = true
    const { sizeBytes } = memory
    let saved: SavedMemory
    try {
      saved = await captureMemory({ qmp: this.#qmp, scratch, sizeBytes, clock, signal })
      await failpoint('vm.while-memory-stands')
      await wakeDisks(this.#qmp, this.#sleeping())
      await this.#addFilters()
      await this.#insertNow(graph, places)
    } finally {
      await endSaving(this.#qmp, before, clock)
    }
    const { bytes: streamBytes, lastRoundMs, stoppedAt } = saved
    this.memory = { streamBytes, lastRoundMs, pausedMs: Math.round(clock.monotonic() - stoppedAt) }
    await this.#undo.note({ memory: undefined })
    for (const { exported } of this.#sleeping()) await endExport(this.#qmp, exported, clock)
    await memory.open(saved.path)
  }

  #sleeping() {
    return this.#request.disks.map(({ top }, at) => {
      return { node: top, exported: namesOf(this.#request, at).woken }
    })
  }

  #places(): FilterPlace[] {
    return this.#request.disks.flatMap(({ insertion }, at) =>
      insertion ? [{ insertion, node: namesOf(this.#request, at).filter }] : [],
    )
  }

  async #isRunning(): Promise<boolean> {
    const { status } = await this.#qmp.execute<{ status: string }>('query-status')
    return status === 'running'
  }

  async #export(signal: AbortSignal): Promise<void> {
    const { disks, baseOf, names } = this.#request
    const actions = disks.flatMap((disk) => mergeOf(disk, names, baseOf(disk)))
    if (actions.length > 0) await this.#qmp.execute('transaction', { actions }, { signal })
    const socket = this.#socket ?? (await this.#serve())
    for (const [at, disk] of disks.entries()) {
      const { access, filter, exported } = namesOf(this.#request, at)
      const bitmap = baseOf(disk) === undefined ? undefined : names.frozen
      await this.#qmp.execute('blockdev-add', {
        driver: 'snapshot-access',
        'node-name': access,
        file: filter,
      })
      await this.#qmp.execute('block-export-add', {
        type: 'nbd',
        id: exported,
        'node-name': access,
        name: exported,
        ...(bitmap === undefined ? {} : { bitmaps: [{ node: disk.node, name: bitmap }] }),
      })
      await failpoint('vm.after-export')
      const reader = await FrozenReader.open({ socket, exportName: exported, bitmap })
      this.readers.set(disk, reader)
      if (reader.sizeBytes !== disk.sizeBytes) throw resized(disk.name)
    }
  }

  async #serve(): Promise<string> {
    const { nbdSocket, scratch } = this.#request
    if (nbdSocket !== undefined) return nbdSocket
    const path = socketOf(scratch)
    try {
      await this.#qmp.execute('nbd-server-start', { addr: { type: 'unix', data: { path } } })
      return path
    } catch (error) {
      if (!(error instanceof QmpRefusal) || !/already running/i.test(error.desc)) throw error
      throw new HoldfastError(
        'vm-busy',
        'another NBD server runs in this QEMU, which can have one',
        {
          hint: 'If it stays there, say its socket in the declaration of the VM, as `nbd:`.',
          cause: error,
        },
      )
    }
  }
}

/** Those of ours that are not wanted. Anybody else's are never touched. */
export async function removeBitmaps(
  qmp: Qmp,
  disks: readonly Pick<LiveDisk, 'node'>[],
  names: BitmapNames,
  isWanted: (uid: string) => boolean,
): Promise<void> {
  const graph = await BlockGraph.read(qmp)
  for (const { node } of disks)
    for (const { name } of graph.node(node)?.['dirty-bitmaps'] ?? []) {
      const uid = names.versionOf(name)
      if (uid === undefined || isWanted(uid)) continue
      await qmp.execute('block-dirty-bitmap-remove', { node, name })
    }
}

function mergeOf(
  { node }: LiveDisk,
  names: BitmapNames,
  base: string | undefined,
): Record<string, unknown>[] {
  if (base === undefined) return []
  const target = names.frozen
  const added = { node, name: target, persistent: false, disabled: true, granularity: GRANULARITY }
  return [
    { type: 'block-dirty-bitmap-add', data: added },
    { type: 'block-dirty-bitmap-merge', data: { node, target, bitmaps: [names.of(base)] } },
  ]
}

/** QEMU allows 31 bytes for the name of a node. */
function namesOf({ names }: Pick<FreezeRequest, 'names'>, at: number): Names {
  const name = (kind: string) => `${names.prefix}${kind}${at}`
  return {
    access: name('read'),
    filter: name('cbw'),
    target: name('scratch'),
    exported: name('disk'),
    woken: name('wake'),
  }
}

function socketOf({ folder }: ScratchFolder): string {
  return join(folder, 'nbd')
}

function recordOf(request: FreezeRequest): VmUndoRecord {
  const { job, vm, socket, disks, names, scratch, nbdSocket } = request
  const all = disks.map((_, at) => namesOf(request, at))
  return {
    job,
    vm,
    qmp: socket,
    exports: all.flatMap(({ exported, woken }) => [exported, woken]),
    accessNodes: all.map(({ access }) => access),
    filters: all.map(({ filter }) => filter),
    targets: all.map(({ target }) => target),
    frozen: disks.map(({ node }) => ({ node, name: names.frozen })),
    nbdSocket: nbdSocket === undefined ? socketOf(scratch) : '',
    isStopped: false,
    frozenAgent: '',
    files: [scratch.folder],
  }
}

function memoryOf(companions: readonly CompanionDisk[]): CompanionDisk | undefined {
  return companions.find(({ companion }) => companion.role === 'memory')
}

function resized(name: string): HoldfastError {
  return new HoldfastError('vm-busy', `the disk ${name} changed its size while the point began`)
}

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { BitmapNames } from '../../agent/hypervisor/bitmap.ts'
import { crashHooks, type MakeInstantHooks } from '../../agent/hypervisor/instant-hooks.ts'
import { LibvirtDomains } from '../../agent/hypervisor/libvirt-domains.ts'
import { LibvirtProvider } from '../../agent/hypervisor/libvirt-provider.ts'
import { Monitors } from '../../agent/hypervisor/monitors.ts'
import { replayVmUndo } from '../../agent/hypervisor/replay-vm-undo.ts'
import { readVmFile } from '../../agent/hypervisor/vm-file.ts'
import type { VmContext } from '../../agent/hypervisor/vm-context.ts'
import { VmMemory } from '../../agent/hypervisor/vm-memory.ts'
import { VmProvider, keyOf } from '../../agent/hypervisor/vm-provider.ts'
import { VmUndoLog } from '../../agent/hypervisor/vm-undo.ts'
import { parseDomainAddress } from '../../agent/libvirt/domain-address.ts'
import type { Clones } from '../../agent/source/clone/clones.ts'
import { NO_WISHES, type SourceProvider, type SourceView } from '../../agent/source/source.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'

export interface TakenDisk {
  readonly name: string
  /** As of the instant. */
  readonly bytes: Buffer
  /** The disk of the point before, with what changed since laid over it; undefined: not tracked. */
  readonly increment: Buffer | undefined
  readonly changedBytes: number
  readonly reason: string
}

export interface Taken {
  readonly disks: readonly TakenDisk[]
  readonly consistency: string
  readonly versionUid: string
}

/** What a protection server does with an agent's tracker, as far as the tracker can tell. */
export class Tracking {
  readonly context: VmContext
  readonly provider: SourceProvider
  /** What declares the VM: a file, or the address of a domain of libvirt. */
  readonly file: string
  /** Of each point: as `point create --memory` asks. */
  memory = false
  #versions = 0
  #last: Taken | undefined
  readonly #server: string

  constructor(
    folder: string,
    file: string,
    server = 'server-firstone',
    hooks: MakeInstantHooks = crashHooks,
    clones?: Clones,
  ) {
    this.file = file
    this.#server = server
    this.context = {
      monitors: new Monitors(),
      names: new BitmapNames(server),
      undoLog: new VmUndoLog(join(folder, `${server}-undo`)),
      makeHooks: hooks,
      scratchRoot: (job) => join(folder, `${server}-scratch`, job),
      searchPath: process.env['PATH'] ?? '',
      memory: new VmMemory(join(folder, `${server}-vms.json`)),
      clock: systemClock,
      log: QUIET,
      clones,
    }
    const domain = parseDomainAddress(file)
    const declarations = async () => [await readVmFile(file)]
    this.provider = domain
      ? new LibvirtProvider(new LibvirtDomains(domain.uri, QUIET), this.context)
      : new VmProvider({ declarations, context: this.context })
  }

  get last(): Taken | undefined {
    return this.#last
  }

  async open(): Promise<SourceView> {
    const declaration = parseDomainAddress(this.file) ?? (await readVmFile(this.file))
    const { signal } = new AbortController()
    const wishes = { ...NO_WISHES, memory: this.memory }
    return this.provider.open(keyOf(declaration), { excludeDisks: [], wishes, signal })
  }

  /** Plans as the server would: what counts from the newest version is tracked. */
  async begin(view: SourceView): Promise<string> {
    const versionUid = `v-${this.#server.slice(-4)}${++this.#versions}`
    const baseUid = this.#last?.versionUid ?? ''
    const tracked = view.disks.filter(({ tracker }) => tracker?.bases.includes(baseUid))
    const names = new Set(tracked.map(({ name }) => name))
    await view.begin?.({ job: `job-${this.#versions}`, versionUid, baseUid, tracked: names })
    return versionUid
  }

  /** A whole transfer. `during` runs after the instant and before anything is read. */
  async take(
    during: () => Promise<void> = async () => {},
    end: 'commit' | 'fail' | 'lost-answer' = 'commit',
  ): Promise<Taken> {
    const view = await this.open()
    try {
      const baseUid = this.#last?.versionUid ?? ''
      const versionUid = await this.begin(view)
      await during()
      const disks: TakenDisk[] = []
      for (const disk of view.disks) {
        const bytes = await readAll(disk.reader)
        const isTracked = disk.tracker?.bases.includes(baseUid) === true
        const before = this.#last?.disks.find(({ name }) => name === disk.name)?.bytes
        const increment = isTracked && before ? Buffer.from(before) : undefined
        let changedBytes = 0
        if (increment && disk.changed)
          for await (const { offset, length } of disk.changed()) {
            bytes.copy(increment, offset, offset, offset + length)
            changedBytes += length
          }
        const reason = isTracked ? '' : (disk.tracker?.reason ?? 'no-tracker')
        disks.push({ name: disk.name, bytes, increment, changedBytes, reason })
      }
      if (end === 'fail') return { disks, consistency: '', versionUid }
      const settlement = await view.settled()
      assert.ok(settlement.settled)
      const taken = { disks, consistency: settlement.consistency, versionUid }
      this.#last = taken
      if (end === 'commit') await view.committed?.(versionUid)
      return taken
    } finally {
      await view.close()
    }
  }

  replay(): Promise<void> {
    return replayVmUndo(this.context)
  }
}

const QUIET: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => QUIET,
}

export async function readAll(reader: {
  readonly sizeBytes: number
  read(offset: number, into: Uint8Array): Promise<void>
}): Promise<Buffer> {
  const bytes = Buffer.alloc(reader.sizeBytes)
  for (let at = 0; at < bytes.length; at += 1 << 20)
    await reader.read(at, bytes.subarray(at, at + (1 << 20)))
  return bytes
}

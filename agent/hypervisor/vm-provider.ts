import { dirname } from 'node:path'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { readLayout } from '../source/image-layout.ts'
import {
  NO_WISHES,
  type Offer,
  type OfferedDisk,
  type OpenOptions,
  type SourceProvider,
  type SourceView,
} from '../source/source.ts'
import { lookAtMachine, type LiveMachine } from './live-machine.ts'
import type { MonitorLease } from './monitors.ts'
import { knownDisks, openOffVm } from './open-off-vm.ts'
import { isMonitorAbsent, type QmpClient } from './qmp-client.ts'
import { requireSettledReplica } from './replication.ts'
import type { VmContext } from './vm-context.ts'
import type { VmDeclaration } from './vm-file.ts'
import { VmView } from './vm-view.ts'

const LOOK_MS = 5_000
/** A VM that moved is the other host's until that host has told, too: so often a change is told. */
const TELLINGS = 5

export interface VmProviderOptions {
  /** Read afresh at each look: files come, go and change. */
  readonly declarations: () => Promise<readonly VmDeclaration[]>
  readonly context: VmContext
}

/** VMs that an operator declared, whether they run or not. */
export class VmProvider implements SourceProvider {
  readonly #options: VmProviderOptions
  /** What was last seen of a VM: shown again while its monitor serves a job or somebody else. */
  readonly #seen = new Map<string, Offer>()

  constructor(options: VmProviderOptions) {
    this.#options = options
  }

  async offers(): Promise<Offer[]> {
    const declarations = await this.#options.declarations()
    return Promise.all(declarations.map((one) => this.#offer(one)))
  }

  /** A VM tells nobody that it started: they are looked at often, which costs a few commands each. */
  watch(changed: () => void): () => void {
    const { clock } = this.#options.context
    const stop = new AbortController()
    void this.#follow(changed, clock, stop.signal)
    return () => {
      stop.abort()
    }
  }

  async open(key: string, options: OpenOptions): Promise<SourceView> {
    const declaration = await this.#declared(key)
    const { context } = this.#options
    await requireSettledReplica(declaration, options.signal)
    const lease = await this.#lease(declaration, options)
    if (!lease) return openOffVm(context, declaration, options)
    try {
      const machine = await lookAtMachine(lease.qmp, declaration, options.signal)
      refuseBusy(declaration, machine)
      const disks = machine.disks.filter(
        ({ name, reason }) => reason === '' && !options.excludeDisks.includes(name),
      )
      if (disks.length === 0)
        throw new HoldfastError(
          'source-not-protectable',
          `the VM ${declaration.name} has no disk that can be protected`,
          { hint: '`holdfast source show` lists its disks and why each is left out.' },
        )
      const { signal, wishes = NO_WISHES } = options
      const hooks = context.makeHooks()
      return new VmView({ declaration, machine, lease, disks, hooks, wishes, signal }, context)
    } catch (error) {
      await lease.release()
      throw error
    }
  }

  /** Undefined when it does not run. */
  async #lease({ qmp }: VmDeclaration, { signal }: OpenOptions): Promise<MonitorLease | undefined> {
    try {
      return await this.#options.context.monitors.lease(qmp, signal)
    } catch (error) {
      if (isMonitorAbsent(error)) return undefined
      throw error
    }
  }

  async #declared(key: string): Promise<VmDeclaration> {
    const declarations = await this.#options.declarations()
    const declaration = declarations.find((one) => keyOf(one) === key)
    if (declaration) return declaration
    throw new HoldfastError('source-missing', `no file declares the VM ${key} any more`)
  }

  async #offer(declaration: VmDeclaration): Promise<Offer> {
    const key = keyOf(declaration)
    const { monitors, memory } = this.#options.context
    try {
      const offer = await monitors.use(declaration.qmp, (qmp) => running(qmp, declaration))
      this.#seen.set(key, offer)
      await memory.remember(declaration.uuid, offer.disks)
      return offer
    } catch (error) {
      if (isMonitorAbsent(error)) return this.#offOffer(declaration, '')
      const { code, message } = toHoldfastError(error)
      const seen = this.#seen.get(key)
      // It serves somebody else just now: what it has is not changed by that.
      return seen ?? this.#offOffer(declaration, code === 'vm-busy' ? '' : `${code}: ${message}`)
    }
  }

  async #offOffer(declaration: VmDeclaration, problem: string): Promise<Offer> {
    const disks: OfferedDisk[] = []
    for (const { name, path, format } of await knownDisks(this.#options.context, declaration)) {
      const disk = { name, path, format }
      try {
        if (problem !== '') throw new Error(problem)
        const { sizeBytes } = await readLayout(path, format, [dirname(path)])
        disks.push({ ...disk, sizeBytes, protectable: true, reason: '' })
      } catch (error) {
        const { code, message } = toHoldfastError(error)
        const reason = code === 'internal' ? message : `${code}: ${message}`
        disks.push({ ...disk, sizeBytes: 0, protectable: false, reason })
      }
    }
    const powerState = problem === '' ? 'off' : undefined
    return { ...identity(declaration), disks, powerState }
  }

  async #follow(
    changed: () => void,
    clock: VmContext['clock'],
    signal: AbortSignal,
  ): Promise<void> {
    let before = ''
    let tellings = 0
    while (!signal.aborted) {
      const now = JSON.stringify(await this.offers().catch(() => []))
      if (before !== '' && now !== before) tellings = TELLINGS
      if (tellings-- > 0) changed()
      before = now
      await clock.sleep(LOOK_MS, signal).catch(() => {})
    }
  }
}

export function keyOf({ uuid }: Pick<VmDeclaration, 'uuid'>): string {
  return `vm:${uuid}`
}

async function running(qmp: QmpClient, declaration: VmDeclaration): Promise<Offer> {
  const machine = await lookAtMachine(qmp, declaration)
  const disks = machine.disks.map(({ name, path, format, sizeBytes, reason }): OfferedDisk => {
    return { name, path, format, sizeBytes, protectable: reason === '', reason }
  })
  return { ...identity(declaration), disks, powerState: powerStateOf(machine) }
}

function powerStateOf({ status }: LiveMachine): Offer['powerState'] {
  if (/migrate$/.test(status)) return 'migrating'
  return status === 'running' ? 'running' : 'paused'
}

function identity(declaration: VmDeclaration) {
  const { name, uuid, firmware = 'bios', tags } = declaration
  return { key: keyOf(declaration), name, kind: 'vm', uuid, firmware, tags } as const
}

function refuseBusy({ name }: VmDeclaration, { busyWith }: LiveMachine): void {
  if (busyWith === '') return
  throw new HoldfastError('vm-busy', `the VM ${name} is busy with ${busyWith}`, {
    hint: 'It is tried again; nothing needs to be done.',
  })
}

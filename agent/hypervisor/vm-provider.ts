import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import {
  type Offer,
  type OfferedDisk,
  type OpenOptions,
  type KindProvider,
  type SourceView,
} from '../source/source.ts'
import { followOffers } from './follow-offers.ts'
import { lookAtMachine, type LiveMachine } from './live-machine.ts'
import { offDisks } from './off-disks.ts'
import { openVm } from './open-vm.ts'
import { isMonitorAbsent, type Qmp } from './qmp.ts'
import type { VmContext } from './vm-context.ts'
import type { VmDeclaration } from './vm-file.ts'

export interface VmProviderOptions {
  /** Read afresh at each look: files come, go and change. */
  readonly declarations: () => Promise<readonly VmDeclaration[]>
  readonly context: VmContext
}

/** VMs that an operator declared, whether they run or not. */
export class VmProvider implements KindProvider {
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

  watch(changed: () => void): () => void {
    return followOffers(() => this.offers(), changed, this.#options.context.clock)
  }

  async pathsOf(key: string): Promise<readonly string[] | undefined> {
    return (await this.#declared(key))?.disks.map(({ path }) => path)
  }

  async open(key: string, options: OpenOptions): Promise<SourceView> {
    const declaration = await this.#declared(key)
    if (declaration) return openVm(this.#options.context, declaration, options)
    throw new HoldfastError('source-missing', `no file declares the VM ${key} any more`)
  }

  async #declared(key: string): Promise<VmDeclaration | undefined> {
    return (await this.#options.declarations()).find((one) => keyOf(one) === key)
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
    const disks = await offDisks(this.#options.context, declaration, problem)
    const powerState = problem === '' ? 'off' : undefined
    return { ...identity(declaration), disks, powerState }
  }
}

export function keyOf({ uuid }: Pick<VmDeclaration, 'uuid'>): string {
  return `vm:${uuid}`
}

async function running(qmp: Qmp, declaration: VmDeclaration): Promise<Offer> {
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

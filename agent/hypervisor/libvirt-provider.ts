import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Offer, OfferedDisk, OpenOptions, KindProvider, SourceView } from '../source/source.ts'
import { followOffers } from './follow-offers.ts'
import type { FoundDomain, LibvirtDomains } from './libvirt-domains.ts'
import { offDisks } from './off-disks.ts'
import { openVm } from './open-vm.ts'
import type { VmContext } from './vm-context.ts'
import type { DeclaredDisk, VmDeclaration } from './vm-file.ts'

/** libvirt's own numbers. */
const PAUSED = 3
const PAUSED_FOR_MIGRATION = 2

/**
 * The VMs that a libvirt has. Looking at them asks libvirt alone, and nothing of their monitors:
 * those are used while a point is taken.
 */
export class LibvirtProvider implements KindProvider {
  readonly #domains: LibvirtDomains
  readonly #context: VmContext
  /** What was last seen: shown while the daemon is away. */
  #seen: readonly Offer[] = []

  constructor(domains: LibvirtDomains, context: VmContext) {
    this.#domains = domains
    this.#context = context
  }

  async offers(): Promise<Offer[]> {
    const found = await this.#domains.all().catch((error: unknown) => {
      this.#seen = this.#seen.map((offer) => unreachable(offer, toHoldfastError(error)))
    })
    if (found) this.#seen = await Promise.all(found.map((one) => this.#offer(one)))
    return [...this.#seen]
  }

  watch(changed: () => void): () => void {
    return followOffers(() => this.offers(), changed, this.#context.clock, this.#domains)
  }

  async pathsOf(key: string): Promise<readonly string[] | undefined> {
    return (await this.#found(key))?.declaration.disks.map(({ path }) => path)
  }

  async open(key: string, options: OpenOptions): Promise<SourceView> {
    const one = await this.#found(key)
    if (one) return openVm(this.#context, one.declaration, options)
    throw new HoldfastError('source-missing', `libvirt has no VM ${key} any more`)
  }

  #found(key: string): Promise<FoundDomain | undefined> {
    const [, uuid] = /^vm:([0-9a-f-]{36})$/.exec(key) ?? []
    return uuid === undefined ? Promise.resolve(undefined) : this.#domains.one(uuid)
  }

  async #offer({ declaration, domain, connection }: FoundDomain): Promise<Offer> {
    if (domain.id < 0) {
      const disks = await offDisks(this.#context, declaration, '')
      return { ...identity(declaration), disks, powerState: 'off' }
    }
    const disks = await Promise.all(
      declaration.disks.map((disk) => offered(disk, () => connection.diskSize(domain, disk.name))),
    )
    const { state, reason } = await connection.state(domain).catch(() => ({ state: 0, reason: 0 }))
    const paused = reason === PAUSED_FOR_MIGRATION ? 'migrating' : 'paused'
    const powerState = state === PAUSED ? paused : 'running'
    return { ...identity(declaration), disks, powerState }
  }
}

async function offered(
  { name, path, format, reason = '' }: DeclaredDisk,
  size: () => Promise<number>,
): Promise<OfferedDisk> {
  const disk = { name, path, format }
  try {
    const sizeBytes = await size()
    return { ...disk, sizeBytes, protectable: reason === '', reason }
  } catch (error) {
    const why = reason || toHoldfastError(error).message
    return { ...disk, sizeBytes: 0, protectable: false, reason: why }
  }
}

/** Its disks are what they were; whether it runs is not known. */
function unreachable(offer: Offer, { code, message }: HoldfastError): Offer {
  const reason = `${code}: ${message}`
  const disks = offer.disks.map((disk) => ({ ...disk, protectable: false, reason }))
  return { ...offer, disks, powerState: undefined }
}

function keyOf({ uuid }: Pick<VmDeclaration, 'uuid'>): string {
  return `vm:${uuid}`
}

function identity(declaration: VmDeclaration) {
  const { name, uuid, firmware = 'bios', tags } = declaration
  return { key: keyOf(declaration), name, kind: 'vm', uuid, firmware, tags } as const
}

import { firmwareOf, emulatedTpm, variablesOf } from '../../core/machine/domain-firmware.ts'
import {
  domainDisks,
  domainName,
  domainNotes,
  hasAgentChannel,
} from '../../core/machine/domain-xml.ts'
import { parseXml } from '../../core/machine/xml.ts'
import { toHoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { domainAddress } from '../libvirt/domain-address.ts'
import { LibvirtConnection, type Domain } from '../libvirt/libvirt-connection.ts'
import { isDomainAbsent } from '../libvirt/libvirt-refusal.ts'
import { Bell } from './bell.ts'
import { domainDiskDeclared, type VolumeLookup } from './domain-disk.ts'
import { tpmState, type TpmState } from './libvirt-tpm.ts'
import type { DeclaredDisk, VmDeclaration } from './vm-file.ts'

/** A VM of libvirt's, and what is needed to ask for more of it. */
export interface FoundDomain {
  readonly declaration: VmDeclaration
  readonly domain: Domain
  readonly connection: LibvirtConnection
}

/** What VMs a libvirt has, looked at afresh each time. */
export class LibvirtDomains {
  readonly #uri: string
  readonly #log: Logger
  readonly #bell = new Bell()
  #connection: Promise<LibvirtConnection> | undefined
  /** The connection that tells what happens. */
  #telling: LibvirtConnection | undefined
  #isLost = false

  constructor(uri: string, log: Logger) {
    this.#uri = uri
    this.#log = log
  }

  get uri(): string {
    return this.#uri
  }

  /** Whether `news` comes when VMs start, end, or are changed. */
  get isTold(): boolean {
    return this.#telling?.hasEnded === false
  }

  get news(): Promise<void> {
    return this.#bell.next
  }

  /** Throws vm-unreachable while its daemon is away; that is told once in the log. */
  async all(): Promise<FoundDomain[]> {
    try {
      const connection = await this.#connected()
      const domains = await connection.domains()
      const found = await Promise.all(domains.map((one) => this.#read(connection, one)))
      this.#isLost = false
      return found.flatMap((one) => one ?? [])
    } catch (error) {
      if (!this.#isLost)
        this.#log.warn('libvirt does not tell its VMs', {
          uri: this.#uri,
          reason: toHoldfastError(error).message,
        })
      this.#isLost = true
      throw error
    }
  }

  /** Undefined where it has none of this UUID. */
  async one(uuid: string): Promise<FoundDomain | undefined> {
    const connection = await this.#connected()
    const domain = await connection.domain(uuid).catch((error: unknown) => {
      if (isDomainAbsent(error)) return undefined
      throw error
    })
    return domain && this.#read(connection, domain)
  }

  /** Undefined for one that went away meanwhile. */
  async #read(connection: LibvirtConnection, domain: Domain): Promise<FoundDomain | undefined> {
    try {
      const [inactive, live, isPersistent] = await Promise.all([
        connection.xml(domain, 'inactive'),
        domain.id < 0 ? undefined : connection.xml(domain, 'live'),
        connection.isPersistent(domain),
      ])
      const own = { uri: this.#uri, inactive, isPersistent, live }
      return { domain, connection, declaration: await declarationOf(domain, own, connection) }
    } catch (error) {
      if (isDomainAbsent(error)) return undefined
      throw error
    }
  }

  async #connected(): Promise<LibvirtConnection> {
    const known = await this.#connection?.catch(() => undefined)
    if (known && !known.hasEnded) return known
    this.#connection = this.#connect()
    return this.#connection
  }

  async #connect(): Promise<LibvirtConnection> {
    const connection = await LibvirtConnection.open(this.#uri)
    const isTold = await connection.follow(() => {
      this.#bell.ring()
    })
    if (isTold) this.#telling = connection
    return connection
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined)
    await connection?.close()
  }
}

async function declarationOf(
  { uuid }: Domain,
  own: NonNullable<VmDeclaration['libvirt']>,
  storage: VolumeLookup,
): Promise<VmDeclaration> {
  const isOff = own.live === undefined
  const xml = parseXml(own.live ?? own.inactive)
  const address = domainAddress({ uri: own.uri, uuid })
  const { tags, replicationStatus } = domainNotes(xml)
  const nvram = variablesOf(xml)
  const tpm = await tpmState(own.uri, uuid, emulatedTpm(xml))
  const disks = await Promise.all(
    domainDisks(xml).map((one) => domainDiskDeclared(one, isOff, storage)),
  )
  return {
    // A name is told from a point's by its @.
    name: domainName(xml).replaceAll('@', '%40'),
    uuid,
    qmp: address,
    ...(hasAgentChannel(xml) ? { guestAgent: address } : {}),
    ...(replicationStatus === undefined ? {} : { replicationStatus }),
    ...(nvram === undefined ? {} : { nvram }),
    ...(tpm === undefined || tpm.reason !== '' ? {} : { tpm: tpm.path }),
    firmware: firmwareOf(xml),
    tags: [...tags],
    disks: [...disks, ...lackingTpm(tpm)],
    file: `libvirt (${own.uri})`,
    libvirt: own,
  }
}

/** A state that points lack is shown beside the disks, with the reason. */
function lackingTpm(tpm: TpmState | undefined): DeclaredDisk[] {
  if (tpm === undefined || tpm.reason === '') return []
  return [{ name: 'tpm', path: tpm.path, format: 'raw', reason: tpm.reason }]
}

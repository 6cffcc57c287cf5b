import type { LibvirtConfiguration } from '../../core/machine/configuration.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { domainAddress, type DomainAddress } from '../libvirt/domain-address.ts'
import { LibvirtConnection, type Domain } from '../libvirt/libvirt-connection.ts'
import { isDomainAbsent } from '../libvirt/libvirt-refusal.ts'

/** For a guest to shut down by itself, before its plug is pulled. */
const SHUTDOWN_MS = 60_000
const GONE_MS = 20_000
const POLL_MS = 200

/** Throws vm-unreachable where libvirt does not say: then nobody knows whether it runs. */
export async function doesDomainRun(address: DomainAddress): Promise<boolean> {
  return withDomain(address, async (_, { id }) => id >= 0)
}

/** `gently`: its guest may shut down first. */
export async function stopDomain(
  address: DomainAddress,
  gently: boolean,
  clock: Clock,
): Promise<void> {
  await withDomain(address, async (libvirt, domain) => {
    const isOff = async () => (await libvirt.domain(domain.uuid)).id < 0
    if (gently) {
      await libvirt.shutDown(domain).catch(() => {}) // one that does not listen is stopped all the same
      if (await comesTrue(isOff, SHUTDOWN_MS, clock)) return
    }
    await libvirt.destroy(domain).catch(async (error: unknown) => {
      if (!(await isOff())) throw error
    })
    if (await comesTrue(isOff, GONE_MS, clock)) return
    throw new HoldfastError('target-in-use', `the VM ${domain.name} does not end`, {
      hint: 'End it with `virsh destroy`, then restore again.',
    })
  })
}

export async function startDomain(address: DomainAddress): Promise<void> {
  await withDomain(address, async (libvirt, domain) => {
    if (domain.id < 0) await libvirt.start(domain)
  })
}

export interface StandingDomain {
  readonly name: string
  readonly qmp: string
}

/**
 * The VM as libvirt has it now; one that it no longer has is defined as it was. One that would be
 * forgotten when it is stopped is kept from now on.
 */
export async function standingDomain(
  uuid: string,
  configuration: LibvirtConfiguration,
  uris: readonly string[],
): Promise<StandingDomain> {
  const uri = uriFor(configuration, uris)
  if (uri === undefined)
    throw new HoldfastError('host-lacks', 'the agent of this host was not told of a libvirt', {
      hint: 'Run it with --libvirt qemu:///system, or restore with --to HOST --path DIR.',
    })
  const libvirt = await LibvirtConnection.open(uri)
  try {
    const domain = await defined(libvirt, uuid, configuration)
    if (!(await libvirt.isPersistent(domain)))
      await libvirt.define(await libvirt.xml(domain, 'inactive'))
    if (await libvirt.hasManagedSave(domain))
      throw new HoldfastError('target-in-use', `${domain.name} has a saved state in libvirt`, {
        hint: 'It goes with the disks as they are. Start the VM, or give it up: `virsh managedsave-remove`.',
      })
    return { name: domain.name, qmp: domainAddress({ uri, uuid }) }
  } finally {
    await libvirt.close()
  }
}

/** That of the source where this host has it, else the first. */
export function uriFor({ uri }: LibvirtConfiguration, uris: readonly string[]): string | undefined {
  return uris.includes(uri) ? uri : uris[0]
}

async function defined(
  libvirt: LibvirtConnection,
  uuid: string,
  { inactive }: LibvirtConfiguration,
): Promise<Domain> {
  try {
    return await libvirt.domain(uuid)
  } catch (error) {
    if (!isDomainAbsent(error)) throw error
    return libvirt.define(inactive)
  }
}

async function withDomain<T>(
  { uri, uuid }: DomainAddress,
  work: (libvirt: LibvirtConnection, domain: Domain) => Promise<T>,
): Promise<T> {
  const libvirt = await LibvirtConnection.open(uri)
  try {
    return await work(libvirt, await libvirt.domain(uuid))
  } finally {
    await libvirt.close()
  }
}

async function comesTrue(
  look: () => Promise<boolean>,
  withinMs: number,
  clock: Clock,
): Promise<boolean> {
  const end = clock.monotonic() + withinMs
  while (clock.monotonic() < end) {
    if (await look()) return true
    await clock.sleep(POLL_MS)
  }
  return false
}

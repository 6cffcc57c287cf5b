import { stat } from 'node:fs/promises'
import { domainNetworks } from '../../core/machine/domain-interfaces.ts'
import { parseXml } from '../../core/machine/xml.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { LibvirtConnection } from '../libvirt/libvirt-connection.ts'

/** A definition that is to be one of libvirt's VMs. */
export interface NewDomain {
  readonly name: string
  readonly uuid: string
  readonly xml: string
  /** As it is this once, with a memory to go on from. */
  readonly resumedXml?: string | undefined
  readonly isToStart: boolean
}

/**
 * Asks this host's libvirt about a VM that it does not have yet: name and UUID are free, QEMU can be
 * started so, its networks are there. Throws target-exists or host-lacks; gives what keeps it from
 * starting where it is not to be started. `known`: what was found already, or ''.
 */
export async function checkNewDomain(
  uri: string,
  domain: NewDomain,
  known: string,
): Promise<string[]> {
  const { name, uuid, xml, resumedXml = xml, isToStart } = domain
  const libvirt = await LibvirtConnection.open(uri)
  try {
    const twin = (await libvirt.domains()).find((one) => one.uuid === uuid || one.name === name)
    // A run of the same job before this one may have made it.
    const isOwn = twin?.uuid === uuid && twin.name === name && twin.id < 0
    if (twin && !isOwn)
      throw new HoldfastError('target-exists', `libvirt has the VM ${twin.name} (${twin.uuid})`, {
        hint: 'Give another --name, or leave out --identity keep.',
      })
    const lacking = [
      ...(known === '' ? [] : [known]),
      ...new Set([...(await refused(libvirt, xml)), ...(await refused(libvirt, resumedXml))]),
      ...(await missingNetworks(libvirt, xml)),
    ]
    if (lacking.length === 0 || !isToStart) return lacking
    throw new HoldfastError('host-lacks', `the VM cannot be started here: ${lacking.join('; ')}`, {
      hint: 'With --no-start it is restored all the same; --network puts it on a network that is here.',
    })
  } finally {
    await libvirt.close()
  }
}

/** Resolves once libvirt has it. */
export async function makeDomain(uri: string, xml: string): Promise<void> {
  const libvirt = await LibvirtConnection.open(uri)
  try {
    await libvirt.define(xml)
  } finally {
    await libvirt.close()
  }
}

/** libvirt makes QEMU's command line of it, and so finds what this host cannot do. */
async function refused(libvirt: LibvirtConnection, xml: string): Promise<string[]> {
  return libvirt.toCommandLine(xml).then(
    () => [],
    (error: unknown) => [toHoldfastError(error).message],
  )
}

async function missingNetworks(libvirt: LibvirtConnection, xml: string): Promise<string[]> {
  const known = new Set(await libvirt.networks())
  const missing: string[] = []
  for (const { kind, name } of domainNetworks(parseXml(xml))) {
    const isThere = kind === 'network' ? known.has(name) : await hasInterface(name)
    if (!isThere) missing.push(`there is no ${kind === 'direct' ? 'interface' : kind} ${name}`)
  }
  return missing
}

async function hasInterface(name: string): Promise<boolean> {
  return stat(`/sys/class/net/${encodeURIComponent(name)}`).then(
    () => true,
    () => false,
  )
}

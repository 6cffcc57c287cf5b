import type { MachineConfiguration } from './configuration.ts'
import { hostOwnDevices } from './domain-devices.ts'
import { isDrive } from './domain-disks.ts'
import { isPassedThrough, unexchangeableNetworks } from './domain-interfaces.ts'
import type { NetworkChange } from './rewrite-networks.ts'
import { attribute, elements, find, parseXml } from './xml.ts'

/**
 * What a VM of libvirt's that is made of a point would lack or have otherwise, so that its memory, which
 * knows every device by its place, does not go on in it; in words.
 */
export function changedInDomain(
  { libvirt, disks }: MachineConfiguration,
  networks: readonly NetworkChange[],
): string[] {
  if (libvirt?.migratable === undefined) return ['the point does not say what devices it is of']
  const domain = parseXml(libvirt.migratable)
  const devices = find(domain, 'devices')
  if (!devices) return []
  const known = new Set(disks.map(({ name }) => name))
  const lackingDisks = elements(devices, 'disk')
    .filter((disk) => !isDrive(disk))
    .map((disk) => attribute(disk, 'target', 'dev') ?? '')
    .filter((name) => !known.has(name))
  const cards = elements(devices, 'interface').filter((card) => isPassedThrough(card))
  return [
    ...lackingDisks.map((name) => `the point lacks the disk ${name}, which it knows`),
    ...hostOwnDevices(devices).map((what) => `it knows a device that stays on its host: ${what}`),
    ...cards.map(() => 'it knows a device that stays on its host: a network card'),
    ...unexchangeableNetworks(domain, networks),
  ]
}

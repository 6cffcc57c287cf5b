import { attribute, elements, find, textOf, type XmlElement } from './xml.ts'

/** What Holdfast reads of a domain's metadata: `<holdfast:vm xmlns:holdfast='urn:holdfast:vm'>`. */
const OWN_METADATA = 'urn:holdfast:vm'
const AGENT_CHANNEL = 'org.qemu.guest_agent.0'

/** A disk as a domain's XML has it. */
export interface DomainDisk {
  /** Its target: `vda`. The history of the disk goes by it. */
  readonly name: string
  /** Of the running VM: what QEMU calls the device. */
  readonly alias: string | undefined
  /** '' where it is no file or device of this host. */
  readonly path: string
  /** As libvirt calls it. */
  readonly format: string
  /** Why it cannot be protected; '' when it can. */
  readonly reason: string
  /** Why it cannot be protected while the VM is off; '' when it can, as far as is known. */
  readonly offReason: string
  /** What of libvirt's storage it is, where the XML does not say its place. */
  readonly volume: DomainVolume | undefined
}

/** A volume of one of libvirt's storage pools. */
export interface DomainVolume {
  readonly pool: string
  readonly name: string
}

export function domainName(domain: XmlElement): string {
  const name = find(domain, 'name')
  return name ? textOf(name) : ''
}

/** Its disks, and what it has of the host's. Empty drives are none. */
export function domainDisks(domain: XmlElement): DomainDisk[] {
  const devices = find(domain, 'devices')
  if (!devices) return []
  const disks = elements(devices, 'disk').flatMap((disk) => domainDisk(disk) ?? [])
  const passed = elements(devices, 'hostdev').flatMap((one, at) => passedThrough(one, at) ?? [])
  return [...disks, ...passed]
}

/** The attribute of a disk's `<source>` that says where it is, by the disk's type. */
const PLACES: Readonly<Record<string, string>> = { file: 'file', block: 'dev' }

/** `file` or `dev`; undefined for what is no path of this host. */
export function placeAttribute(disk: XmlElement): string | undefined {
  return PLACES[disk.attributes.get('type') ?? 'file']
}

/** Undefined for an empty drive. */
export function domainDisk(disk: XmlElement): DomainDisk | undefined {
  const name = attribute(disk, 'target', 'dev')
  const source = find(disk, 'source')
  if (name === undefined || !source) return undefined
  const place = placeAttribute(disk)
  return {
    name,
    alias: attribute(disk, 'alias', 'name'),
    path: (place === undefined ? undefined : source.attributes.get(place)) ?? '',
    format: attribute(disk, 'driver', 'type') ?? 'raw',
    reason: reasonOf(disk),
    offReason: offReasonOf(disk, source),
    volume: volumeOf(disk, source),
  }
}

function volumeOf(disk: XmlElement, source: XmlElement): DomainVolume | undefined {
  const [pool, name] = [source.attributes.get('pool'), source.attributes.get('volume')]
  const isVolume = disk.attributes.get('type') === 'volume'
  return isVolume && pool !== undefined && name !== undefined ? { pool, name } : undefined
}

/**
 * Storage that QEMU speaks to itself. A connection of ours could be the only one that its server takes
 * (then the VM cannot start), or the last (then some servers end), and who else writes to it nobody
 * can tell.
 */
function offReasonOf(disk: XmlElement, source: XmlElement): string {
  const type = disk.attributes.get('type') ?? 'file'
  const isDirect = type === 'volume' && source.attributes.get('mode') === 'direct'
  if (type === 'network') return networkReason(source.attributes.get('protocol') ?? 'network')
  return isDirect ? networkReason('iscsi') : ''
}

/** `kind`: how it is reached, in a word. */
export function networkReason(kind: string): string {
  return `network-disk: ${kind} storage is read through the running VM only (start it, its points have this disk)`
}

function reasonOf(disk: XmlElement): string {
  const device = disk.attributes.get('device') ?? 'disk'
  const type = disk.attributes.get('type') ?? 'file'
  if (device === 'cdrom') return 'read-only-medium: a CD or DVD'
  if (device === 'floppy') return 'removable-medium: a floppy disk'
  if (device === 'lun') return 'passed-through: the device is the host’s own'
  if (find(disk, 'shareable')) return 'shared: other VMs may write to it'
  if (find(disk, 'readonly')) return 'read-only: nothing in it changes'
  if (find(disk, 'transient')) return 'transient: what is written to it is thrown away'
  if (type === 'vhostuser' || type === 'vhostvdpa')
    return 'passed-through: another process serves it to the guest'
  if (type === 'dir') return 'folder: it is made of files of the host, protect those'
  if (type === 'nvme') return 'passed-through: the device is the host’s own'
  return ''
}

function passedThrough(device: XmlElement, at: number): DomainDisk | undefined {
  const type = device.attributes.get('type')
  if (type !== 'scsi' && type !== 'scsi_host') return undefined
  const alias = attribute(device, 'alias', 'name')
  const reason = 'passed-through: the device is the host’s own'
  const name = `hostdev${at}`
  return { name, alias, path: '', format: 'raw', reason, offReason: '', volume: undefined }
}

export function hasAgentChannel(domain: XmlElement): boolean {
  const devices = find(domain, 'devices')
  if (!devices) return false
  return elements(devices, 'channel').some(
    (channel) => attribute(channel, 'target', 'name') === AGENT_CHANNEL,
  )
}

export interface DomainNotes {
  /** Words that rules of protection groups may go by. */
  readonly tags: readonly string[]
  /** Says by its exit status whether a standby replica is settled. */
  readonly replicationStatus: string | undefined
}

/** What its operator wrote into its metadata for Holdfast. */
export function domainNotes(domain: XmlElement): DomainNotes {
  const metadata = find(domain, 'metadata')
  const own = metadata && elements(metadata).find((one) => isOwn(one))
  if (!own) return { tags: [], replicationStatus: undefined }
  const texts = (name: string) =>
    elements(own)
      .filter((one) => localName(one) === name)
      .map((one) => textOf(one).trim())
      .filter((text) => text !== '')
  return {
    tags: texts('tag').filter((tag) => /^[^\s\p{Cc}]{1,64}$/u.test(tag)),
    replicationStatus: texts('replicationStatus')[0],
  }
}

function isOwn(element: XmlElement): boolean {
  const [prefix] = element.name.includes(':') ? element.name.split(':') : ['']
  const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
  return element.attributes.get(declaration) === OWN_METADATA && localName(element) === 'vm'
}

function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1)
}

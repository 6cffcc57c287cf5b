import { HoldfastError } from '../model/error.ts'
import type { DomainWish, NoteChange } from './domain-wish.ts'
import type { NetworkChange } from './rewrite-networks.ts'
import { attribute, elements, find, remove, type XmlElement } from './xml.ts'

/** The attribute of an interface's source that names its network, by the interface's type. */
const NAMED_BY: Readonly<Record<string, string>> = {
  network: 'network',
  bridge: 'bridge',
  direct: 'dev',
}

/** Puts cards on other networks; each gets a new address unless the VM keeps its identity. */
export function rewriteInterfaces(devices: XmlElement, wish: DomainWish, note: NoteChange): void {
  const used = new Set<NetworkChange>()
  const gone = new Set<XmlElement>()
  for (const card of elements(devices, 'interface')) {
    if (isPassedThrough(card)) {
      note('network card', 'one of the host’s own', 'none')
      gone.add(card)
      continue
    }
    const change = wish.networks.find(({ from }) => namesOf(card).includes(from))
    if (change) moveTo(card, change, wish.goesOn === true, note)
    if (change) used.add(change)
    // The host's end of it, and its place on a switch, are the source's.
    forget(card, ['target', 'virtualport', 'backend'])
    if (wish.newMac) renumber(card, wish.newMac(), note)
  }
  remove(devices, gone)
  const unknown = wish.networks.find((change) => !used.has(change))
  if (!unknown) return
  throw new HoldfastError('invalid-argument', `the VM has no network ${unknown.from}`, {
    hint: 'A network is named by its network, bridge or interface in the domain’s XML, or by its kind (user).',
  })
}

/** What keeps a card from being exchanged under a guest that goes on; '' when nothing does. */
function unexchangeable(card: XmlElement, to: string): string {
  const isUser = typeOf(card) === 'user'
  if (isUser && to !== 'user' && to !== 'none')
    return 'QEMU’s own network is a part of the saved memory'
  if (!isUser && to === 'user')
    return 'a guest that goes on needs what QEMU’s own network cannot do'
  return ''
}

/** The same of all cards, in words. */
export function unexchangeableNetworks(
  domain: XmlElement,
  networks: readonly NetworkChange[],
): string[] {
  const devices = find(domain, 'devices')
  return (devices ? elements(devices, 'interface') : []).flatMap((card) => {
    const change = networks.find(({ from }) => namesOf(card).includes(from))
    const why = change ? unexchangeable(card, change.to) : ''
    return why === '' ? [] : [`the network ${change?.from} cannot become ${change?.to}: ${why}`]
  })
}

/** The networks of this host that a domain's cards are on. */
export function domainNetworks(domain: XmlElement): { kind: string; name: string }[] {
  const devices = find(domain, 'devices')
  return (devices ? elements(devices, 'interface') : []).flatMap((card) => {
    const kind = typeOf(card)
    const name = attribute(card, 'source', NAMED_BY[kind] ?? '')
    return name === undefined ? [] : [{ kind, name }]
  })
}

function typeOf(card: XmlElement): string {
  return card.attributes.get('type') ?? 'user'
}

export function isPassedThrough(card: XmlElement): boolean {
  return typeOf(card) === 'hostdev' || typeOf(card) === 'vdpa'
}

function namesOf(card: XmlElement): string[] {
  const type = typeOf(card)
  const name = attribute(card, 'source', NAMED_BY[type] ?? '')
  return name === undefined ? [type] : [type, name, `${type}:${name}`]
}

/** `to`: the name of another of its kind, `network:NAME`, `bridge:NAME`, `user`, or `none`. */
function moveTo(
  card: XmlElement,
  { from, to }: NetworkChange,
  goesOn: boolean,
  note: NoteChange,
): void {
  note('network', from, to)
  forget(card, ['source', 'vlan', 'portForward', 'link', 'ip', 'route', 'filterref'])
  if (to === 'none' || to === 'user') {
    // Its guest has agreed with the card on what a tap can do: it gets one that leads nowhere.
    const isTap = goesOn && typeOf(card) !== 'user'
    card.attributes.set('type', isTap ? 'ethernet' : 'user')
    // The card stays, so that the guest finds it; nothing gets through.
    if (to === 'none') append(card, 'link', 'state', 'down')
    return
  }
  const [, kind, name] = /^(network|bridge):(.+)$/.exec(to) ?? [undefined, undefined, to]
  const type = kind ?? (typeOf(card) === 'bridge' ? 'bridge' : 'network')
  card.attributes.set('type', type)
  append(card, 'source', type, name ?? to)
}

function renumber(card: XmlElement, mac: string, note: NoteChange): void {
  const known = find(card, 'mac')
  note('MAC address', known?.attributes.get('address') ?? 'one that libvirt chose', mac)
  if (known) known.attributes.set('address', mac)
  else append(card, 'mac', 'address', mac)
}

function append(card: XmlElement, name: string, key: string, value: string): void {
  card.children.push({ name, attributes: new Map([[key, value]]), children: [] })
}

function forget(card: XmlElement, names: readonly string[]): void {
  remove(card, new Set(names.flatMap((name) => elements(card, name))))
}

import { basename } from 'node:path'
import { isTpmOf } from './domain-firmware.ts'
import type { DomainWish, NoteChange } from './domain-wish.ts'
import { attribute, elements, find, remove, type XmlElement } from './xml.ts'

/** Devices that are the host's own, in the words for who restores. */
const HOST_OWN: Readonly<Record<string, string>> = {
  hostdev: 'host device',
  filesystem: 'folder shared with the host',
  shmem: 'memory shared with other VMs',
  lease: 'lock of a shared disk',
}
/** What has an end on the host: a socket, a file, a terminal. */
const CHARACTER = ['serial', 'parallel', 'console', 'channel', 'smartcard', 'redirdev']
const EVERYWHERE = new Set(['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'])

/** Devices that do not come along to another host, in words. */
export function hostOwnDevices(devices: XmlElement): string[] {
  return elements(devices).flatMap((device) => {
    const own = isTpmOf(device, 'passthrough') ? 'TPM of the host' : HOST_OWN[device.name]
    return own === undefined ? [] : [`${own} (${nameOf(device)})`]
  })
}

/** Everything but disks and network cards. */
export function rewriteDevices(devices: XmlElement, wish: DomainWish, note: NoteChange): void {
  const gone = new Set<XmlElement>()
  for (const device of elements(devices)) {
    const own = HOST_OWN[device.name]
    if (own !== undefined || isTpmOf(device, 'passthrough')) {
      note(own ?? 'TPM', nameOf(device), 'none')
      gone.add(device)
    } else if (isTpmOf(device, 'emulator')) rewriteTpm(device, wish, note)
    else if (CHARACTER.includes(device.name)) rewriteEnd(device, wish, note)
    else if (device.name === 'graphics') rewriteGraphics(device, note)
    else if (device.name === 'vsock') rewriteVsock(device, note)
  }
  remove(devices, gone)
}

function nameOf(device: XmlElement): string {
  const words = [
    device.attributes.get('type'),
    device.attributes.get('name'),
    attribute(device, 'source', 'dir'),
    attribute(device, 'source/address', 'bus'),
    attribute(device, 'source/address', 'slot'),
    attribute(device, 'source/vendor', 'id'),
    attribute(device, 'source/product', 'id'),
    attribute(device, 'target', 'dir'),
  ]
  return words.filter((word) => word !== undefined).join(' ') || device.name
}

/** Its own file or socket: beside its disks, under its own name. Those that libvirt makes, it makes anew. */
function rewriteEnd(device: XmlElement, { folder, name }: DomainWish, note: NoteChange): void {
  const source = find(device, 'source')
  const path = source?.attributes.get('path')
  const type = device.attributes.get('type')
  if (!source || path === undefined || type === 'pty') return
  if (type === 'dev' || (type === 'unix' && /^\/(var\/lib|run|var\/run)\/libvirt\//.test(path))) {
    note(device.name, path, type === 'dev' ? 'a terminal that libvirt makes' : 'libvirt’s own')
    if (type === 'dev') device.attributes.set('type', 'pty')
    remove(device, new Set([source]))
    return
  }
  const file = `${folder}/${name}.${basename(path).replace(/^[^.]*\.(?=.)/, '')}`
  note(device.name, path, file)
  source.attributes.set('path', file)
}

function rewriteGraphics(device: XmlElement, note: NoteChange): void {
  const port = device.attributes.get('port')
  if (device.attributes.get('autoport') === 'no' && port !== undefined) {
    note('port of the screen', port, 'one that is free')
    for (const key of ['port', 'tlsPort', 'websocket']) device.attributes.delete(key)
    device.attributes.set('autoport', 'yes')
  }
  const listens = [device, ...elements(device, 'listen')]
  for (const one of listens)
    for (const key of ['listen', 'address', 'socket']) {
      const place = one.attributes.get(key)
      if (place === undefined || EVERYWHERE.has(place)) continue
      note('the screen listens at', place, 'this host alone')
      one.attributes.delete(key)
      if (key === 'socket') one.attributes.set('type', 'none')
      else one.attributes.set(key, '127.0.0.1')
    }
}

/** libvirt keeps its state by the VM's UUID; what the definition names is the source's own. */
function rewriteTpm(device: XmlElement, { keepsTpm }: DomainWish, note: NoteChange): void {
  const backend = find(device, 'backend')
  const source = backend && find(backend, 'source')
  const secret = attribute(device, 'backend/encryption', 'secret')
  if (!keepsTpm) note('state of its TPM', 'the one it had', 'a new one')
  else if (secret !== undefined)
    note(
      'state of its TPM',
      undefined,
      `encrypted with the secret ${secret}, which libvirt needs here`,
    )
  if (!backend || !source) return
  note('place of its TPM’s state', source.attributes.get('path'), 'where libvirt keeps it')
  remove(backend, new Set([source]))
}

/** Its number is one of a kind on its host. */
function rewriteVsock(device: XmlElement, note: NoteChange): void {
  const cid = find(device, 'cid')
  const address = cid?.attributes.get('address')
  if (!cid || address === undefined) return
  note('vsock number', address, 'one that is free')
  cid.attributes.delete('address')
  cid.attributes.set('auto', 'yes')
}

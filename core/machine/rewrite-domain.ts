import { rewriteDisks } from './domain-disks.ts'
import { rewriteDevices } from './domain-devices.ts'
import { setVariables, variablesOf } from './domain-firmware.ts'
import { rewriteInterfaces } from './domain-interfaces.ts'
import type { DomainWish, NoteChange } from './domain-wish.ts'
import {
  elements,
  find,
  formatXml,
  parseXml,
  remove,
  setText,
  textOf,
  type XmlElement,
} from './xml.ts'

export interface RewrittenDomain {
  readonly xml: string
  readonly changes: readonly string[]
}

/**
 * The definition of a restored VM out of its source's. What names the host that it was on is mapped
 * or taken out, and told; what it does not know stays.
 */
export function rewriteDomain(source: string, wish: DomainWish): RewrittenDomain {
  const domain = parseXml(source)
  const changes: string[] = []
  const note: NoteChange = (what, from, to) => {
    if (from === to) return
    changes.push(from === undefined ? `${what}: ${to}` : `${what}: ${from} became ${to}`)
  }
  rewriteIdentity(domain, wish, note)
  rewriteMachine(domain, wish, note)
  rewriteProcessors(domain, wish, note)
  rewriteMemory(domain, wish, note)
  rewriteFirmware(domain, wish, note)
  removeHostBound(domain, note)
  const devices = find(domain, 'devices')
  if (devices) {
    rewriteDisks(devices, wish, note)
    rewriteInterfaces(devices, wish, note)
    rewriteDevices(devices, wish, note)
  }
  return { xml: `${formatXml(domain)}\n`, changes: [...new Set(changes)] }
}

function rewriteIdentity(domain: XmlElement, wish: DomainWish, note: NoteChange): void {
  domain.attributes.delete('id')
  set(domain, 'name', wish.name, note)
  set(domain, 'uuid', wish.uuid, note)
  for (const sysinfo of elements(domain, 'sysinfo'))
    for (const group of elements(sysinfo, 'system'))
      for (const entry of elements(group, 'entry'))
        // libvirt refuses one that is not the VM's own.
        if (entry.attributes.get('name') === 'uuid') setText(entry, wish.uuid)
  const generation = find(domain, 'genid')
  if (!generation || !wish.newMac) return
  note('generation id', textOf(generation), 'a new one')
  generation.children = []
}

function rewriteMachine(domain: XmlElement, { machineType }: DomainWish, note: NoteChange): void {
  const type = find(domain, 'os/type')
  if (!type || machineType === undefined) return
  note('machine type', type.attributes.get('machine'), machineType)
  type.attributes.set('machine', machineType)
}

function rewriteProcessors(domain: XmlElement, { cpus }: DomainWish, note: NoteChange): void {
  const vcpu = find(domain, 'vcpu')
  if (!vcpu) return
  take(vcpu, 'cpuset', 'processors of the host', note)
  if (cpus === undefined) return
  note('processors', vcpu.attributes.get('current') ?? textOf(vcpu), String(cpus))
  vcpu.attributes.delete('current')
  setText(vcpu, String(cpus))
  // Each is made for the number that there was.
  takeOut(domain, 'vcpus', 'settings of single processors', note)
  const cpu = find(domain, 'cpu')
  if (cpu) takeOut(cpu, 'topology', 'sockets and cores', note)
  if (cpu) takeOut(cpu, 'numa', 'memory nodes', note)
}

function rewriteMemory(domain: XmlElement, { memoryBytes }: DomainWish, note: NoteChange): void {
  if (memoryBytes === undefined) return
  const kibibytes = String(Math.ceil(memoryBytes / 1024))
  const memory = find(domain, 'memory')
  if (!memory) return
  note('memory', `${textOf(memory)} ${memory.attributes.get('unit') ?? 'KiB'}`, `${kibibytes} KiB`)
  for (const element of [memory, find(domain, 'currentMemory')]) {
    element?.attributes.set('unit', 'KiB')
    if (element) setText(element, kibibytes)
  }
  takeOut(domain, 'maxMemory', 'memory slots', note)
}

/** Its variables are a file of the source; without a copy of it the firmware begins anew. */
function rewriteFirmware(domain: XmlElement, { nvram }: DomainWish, note: NoteChange): void {
  const os = find(domain, 'os')
  const element = os && find(os, 'nvram')
  if (!os || !element) return
  const old = variablesOf(domain)
  if (nvram !== undefined) {
    note('firmware variables', old, nvram)
    setVariables(element, nvram)
    return
  }
  note('firmware variables', old, 'new ones, as the firmware makes them')
  element.children = []
  element.attributes.delete('type')
  if (element.attributes.size === 0) remove(os, new Set([element]))
}

/** What only says something on the host where it was. */
function removeHostBound(domain: XmlElement, note: NoteChange): void {
  takeOut(domain, 'seclabel', 'security label', note)
  takeOut(domain, 'cputune', 'pinned processors', note)
  takeOut(domain, 'numatune', 'pinned memory', note)
  takeOut(domain, 'iothreadids', 'settings of I/O threads', note)
  takeOut(domain, 'resource', 'group of the host’s resources', note)
  const devices = find(domain, 'devices')
  if (devices) takeOut(devices, 'emulator', 'path of QEMU', note)
}

export function set(from: XmlElement, name: string, text: string, note: NoteChange): void {
  const element = find(from, name)
  note(name, element && textOf(element), text)
  if (element) setText(element, text)
  else from.children.unshift({ name, attributes: new Map(), children: [text] })
}

function take(from: XmlElement, name: string, what: string, note: NoteChange): void {
  const old = from.attributes.get(name)
  if (old !== undefined) note(what, old, 'none')
  from.attributes.delete(name)
}

function takeOut(from: XmlElement, name: string, what: string, note: NoteChange): void {
  const gone = elements(from, name)
  for (const one of gone) note(what, shown(one), 'none')
  remove(from, new Set(gone))
}

/** Enough to know what it was. */
function shown(element: XmlElement): string {
  const text = textOf(element).trim()
  const words = [...element.attributes].map(([key, value]) => `${key}=${value}`)
  const inner = elements(element).map(({ name }) => name)
  return [text, ...words, ...inner].filter((part) => part !== '').join(' ') || element.name
}

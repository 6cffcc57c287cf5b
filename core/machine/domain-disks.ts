import { domainDisk } from './domain-xml.ts'
import type { DomainWish, NoteChange } from './domain-wish.ts'
import { attribute, elements, find, remove, type XmlElement } from './xml.ts'

/** What libvirt calls the format of a file that was restored, by its extension. */
const FORMATS: Readonly<Record<string, string>> = {
  raw: 'raw',
  img: 'raw',
  qcow2: 'qcow2',
  vmdk: 'vmdk',
  vhd: 'vpc',
  vhdx: 'vhdx',
}

/** Disks that were restored get their files; drives are emptied; what the point lacks is taken out. */
export function rewriteDisks(devices: XmlElement, wish: DomainWish, note: NoteChange): void {
  const gone = new Set<XmlElement>()
  for (const disk of elements(devices, 'disk')) {
    const target = attribute(disk, 'target', 'dev') ?? ''
    const file = wish.files.get(target)
    if (file !== undefined) useFile(disk, target, file, note)
    else if (isDrive(disk)) empty(disk, target, note)
    else {
      const known = domainDisk(disk)
      note(
        `disk ${target}`,
        known?.path || known?.reason || 'what it was',
        'none: the point lacks it',
      )
      gone.add(disk)
    }
  }
  remove(devices, gone)
}

export function isDrive(disk: XmlElement): boolean {
  return ['cdrom', 'floppy'].includes(disk.attributes.get('device') ?? 'disk')
}

function useFile(disk: XmlElement, target: string, file: string, note: NoteChange): void {
  note(`disk ${target}`, domainDisk(disk)?.path || 'what it was', file)
  disk.attributes.set('type', 'file')
  const source = { name: 'source', attributes: new Map([['file', file]]), children: [] }
  const rest = new Set([...elements(disk, 'source'), ...elements(disk, 'backingStore')])
  for (const name of ['mirror', 'auth', 'shareable'])
    for (const one of elements(disk, name)) rest.add(one)
  remove(disk, rest)
  disk.children.push(source)
  const driver = find(disk, 'driver') ?? newDriver(disk)
  const format = FORMATS[/\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? ''] ?? 'raw'
  note(`format of ${target}`, driver.attributes.get('type') ?? 'raw', format)
  driver.attributes.set('type', format)
  driver.attributes.delete('iothread')
}

function newDriver(disk: XmlElement): XmlElement {
  const driver = { name: 'driver', attributes: new Map([['name', 'qemu']]), children: [] }
  disk.children.push(driver)
  return driver
}

function empty(disk: XmlElement, target: string, note: NoteChange): void {
  const sources = elements(disk, 'source')
  if (sources.length === 0) return
  note(`medium in ${target}`, domainDisk(disk)?.path || 'what it was', 'none')
  remove(disk, new Set([...sources, ...elements(disk, 'backingStore')]))
  disk.attributes.set('type', 'file')
}

import { attribute, elements, find, setText, textOf, type XmlElement } from './xml.ts'

export function firmwareOf(domain: XmlElement): 'bios' | 'uefi' {
  const isEfi =
    attribute(domain, 'os', 'firmware') === 'efi' ||
    attribute(domain, 'os/loader', 'type') === 'pflash'
  return isEfi ? 'uefi' : 'bios'
}

/**
 * The file of its firmware's variables, raw. Undefined before libvirt has made one, and for what is no
 * file of this host or a qcow2, whose content cannot be copied while QEMU writes to it.
 */
export function variablesOf(domain: XmlElement): string | undefined {
  const element = find(domain, 'os/nvram')
  if (!element || (element.attributes.get('format') ?? 'raw') !== 'raw') return undefined
  const path = attribute(element, 'source', 'file') ?? textOf(element).trim()
  return path.startsWith('/') ? path : undefined
}

/** Whichever way the element says its file. */
export function setVariables(element: XmlElement, path: string): void {
  const source = find(element, 'source')
  if (source) source.attributes.set('file', path)
  else setText(element, path)
}

/** Whether libvirt keeps a TPM's state for it. */
export function hasEmulatedTpm(domain: XmlElement): boolean {
  const devices = find(domain, 'devices')
  return devices !== undefined && elements(devices).some((one) => isTpmOf(one, 'emulator'))
}

export function isTpmOf(device: XmlElement, backend: 'emulator' | 'passthrough'): boolean {
  return device.name === 'tpm' && attribute(device, 'backend', 'type') === backend
}

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

/** A TPM that libvirt has emulated, and whose state it keeps. */
export interface EmulatedTpm {
  /** Of its version: the folder, below one of the VM's own, that its state lies in. */
  readonly folder: 'tpm1.2' | 'tpm2'
  /** A folder or file that the VM's definition names instead. */
  readonly source: string | undefined
  /** libvirt's secret, without which the state cannot be read. */
  readonly secret: string | undefined
}

export function emulatedTpm(domain: XmlElement): EmulatedTpm | undefined {
  const devices = find(domain, 'devices')
  const tpm = devices && elements(devices).find((one) => isTpmOf(one, 'emulator'))
  if (!tpm) return undefined
  return {
    folder: attribute(tpm, 'backend', 'version') === '1.2' ? 'tpm1.2' : 'tpm2',
    source: attribute(tpm, 'backend/source', 'path'),
    secret: attribute(tpm, 'backend/encryption', 'secret'),
  }
}

export function isTpmOf(device: XmlElement, backend: 'emulator' | 'passthrough'): boolean {
  return device.name === 'tpm' && attribute(device, 'backend', 'type') === backend
}

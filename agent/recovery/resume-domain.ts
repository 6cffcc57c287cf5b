import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { thawGuest } from '../guest/kept-freeze.ts'
import { domainAddress, type DomainAddress } from '../libvirt/domain-address.ts'
import { LibvirtConnection } from '../libvirt/libvirt-connection.ts'
import { saveHead } from '../libvirt/save-image.ts'

/** A saved memory of a VM of libvirt's, and the definition that fits it. */
export interface DomainMemory {
  readonly file: string
  /** Room in the file before QEMU's stream. */
  readonly headBytes: number
  readonly xml: string
  readonly isFrozen: boolean
}

/** Makes the restored memory a file that `virsh restore` takes. `path`: how this process reaches it. */
export async function makeSaveImage(
  { xml, headBytes }: Pick<DomainMemory, 'xml' | 'headBytes'>,
  path: string,
): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW)
  try {
    const head = saveHead(xml, headBytes)
    await file.write(head, 0, head.length, 0)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** libvirt starts the VM with the memory; nothing is done for one that runs already. */
export async function resumeDomain(address: DomainAddress, memory: DomainMemory): Promise<void> {
  const { file, isFrozen } = memory
  const libvirt = await LibvirtConnection.open(address.uri)
  try {
    if ((await libvirt.domain(address.uuid)).id >= 0) return
    await libvirt.restore(file)
  } finally {
    await libvirt.close()
  }
  if (isFrozen) await thawGuest(domainAddress(address))
}

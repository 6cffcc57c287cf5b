import { LibvirtConnection } from '../libvirt/libvirt-connection.ts'
import type { VmDeclaration } from './vm-file.ts'

/** What libvirt would make a running VM of where it goes on; undefined for one that is not libvirt's. */
export async function migratableXml({
  libvirt,
  uuid,
}: Pick<VmDeclaration, 'libvirt' | 'uuid'>): Promise<string | undefined> {
  if (!libvirt) return undefined
  const connection = await LibvirtConnection.open(libvirt.uri)
  try {
    return await connection.xml(await connection.domain(uuid), 'migratable')
  } finally {
    await connection.close()
  }
}

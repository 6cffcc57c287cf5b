import type { TestContext } from 'node:test'
import { LibvirtDaemon } from '../../scripts/libvirt/libvirt-daemon.ts'
import { hasTool, lacks, lacksRoot, lacksTool } from '../support/needs.ts'

export function lacksLibvirt(t: TestContext): boolean {
  return (
    lacksRoot(t) ||
    lacks(t, 'libvirtd', hasTool('libvirtd')) ||
    lacksTool(t, 'virsh') ||
    lacksTool(t, 'qemu-system-x86_64')
  )
}

/** It and its VMs end with the test. */
export async function startLibvirt(t: TestContext, name = 'host'): Promise<LibvirtDaemon> {
  const daemon = await LibvirtDaemon.prepare(name)
  t.after(() => daemon.dispose())
  await daemon.run()
  return daemon
}

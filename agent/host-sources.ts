import type { Clock } from '../core/runtime/clock.ts'
import type { Lifecycle } from '../core/runtime/lifecycle.ts'
import type { Logger } from '../core/runtime/log.ts'
import { declaredVms } from './hypervisor/declared-vms.ts'
import { LibvirtDomains } from './hypervisor/libvirt-domains.ts'
import { LibvirtProvider } from './hypervisor/libvirt-provider.ts'
import { openVmContext } from './hypervisor/open-vm-context.ts'
import type { VmContext } from './hypervisor/vm-context.ts'
import type { VmDeclaration } from './hypervisor/vm-file.ts'
import { VmProvider } from './hypervisor/vm-provider.ts'
import type { AgentOptions } from './options.ts'
import type { Clones } from './source/clone/clones.ts'
import { imageProvider } from './source/image-source.ts'
import { Providers } from './source/providers.ts'
import type { SourceProvider } from './source/source.ts'

/** Which of an agent's options say what it offers. */
export type OfferOptions = Pick<
  AgentOptions,
  'dataFolder' | 'images' | 'sources' | 'vms' | 'libvirts' | 'scratch'
>

export interface HostSources {
  readonly provider: SourceProvider
  readonly context: VmContext
  readonly declarations: () => Promise<VmDeclaration[]>
}

export interface HostSourcesDeps {
  readonly serverId: string
  readonly clock: Clock
  readonly log: Logger
  readonly lifecycle: Lifecycle
  /** Of the one process that has the data folder. */
  readonly clones?: Clones | undefined
}

/**
 * All that this host offers, as one provider. Nothing is touched before something is opened. A VM's
 * disk that also lies in a folder of images belongs to the VM alone.
 */
export function openHostSources(options: OfferOptions, deps: HostSourcesDeps): HostSources {
  const { serverId, clock, log, lifecycle, clones } = deps
  const context = openVmContext({ options, serverId, clock, log, clones })
  const declarations = () => declaredVms(options.vms, log)
  const libvirts = options.libvirts.map((uri) => new LibvirtDomains(uri, log))
  for (const one of libvirts) lifecycle.onRelease(one.uri, () => one.close())
  const folders = options.images.map((path) => ({ path }))
  const images = { folders, declared: options.sources, allowedFolders: [], log, clock, clones }
  const provider = new Providers([
    new VmProvider({ declarations, context }),
    ...libvirts.map((one) => new LibvirtProvider(one, context)),
    imageProvider(images),
  ])
  return { provider, context, declarations }
}

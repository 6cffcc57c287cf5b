import { HoldfastError } from '../../core/model/error.ts'
import { NO_WISHES, type OpenOptions, type SourceView } from '../source/source.ts'
import { companionsOf } from './companions.ts'
import { lookAtMachine, type LiveMachine } from './live-machine.ts'
import type { MonitorLease } from './monitors.ts'
import { openOffVm } from './open-off-vm.ts'
import { isMonitorAbsent } from './qmp.ts'
import { cleanUpBefore } from './replay-vm-undo.ts'
import { requireSettledReplica } from './replication.ts'
import type { VmContext } from './vm-context.ts'
import type { VmDeclaration } from './vm-file.ts'
import { VmView } from './vm-view.ts'

/** A VM as it is now: running, or off. */
export async function openVm(
  context: VmContext,
  declaration: VmDeclaration,
  options: OpenOptions,
): Promise<SourceView> {
  await requireSettledReplica(declaration, options.signal)
  const lease = await leaseOf(context, declaration, options)
  if (!lease) return openOffVm(context, declaration, options)
  try {
    refuseOutdated(declaration)
    await cleanUpBefore(context, declaration.qmp)
    const machine = await lookAtMachine(lease.qmp, declaration, options.signal)
    refuseBusy(declaration, machine)
    const disks = machine.disks.filter(
      ({ name, reason }) => reason === '' && !options.excludeDisks.includes(name),
    )
    if (disks.length === 0)
      throw new HoldfastError(
        'source-not-protectable',
        `the VM ${declaration.name} has no disk that can be protected`,
        { hint: '`holdfast source show` lists its disks and why each is left out.' },
      )
    const { signal, wishes = NO_WISHES } = options
    const hooks = context.makeHooks()
    const companions = await companionsOf(lease.qmp, declaration, machine, wishes.memory)
    return new VmView(
      { declaration, machine, lease, disks, companions, hooks, wishes, signal },
      context,
    )
  } catch (error) {
    await lease.release()
    throw error
  }
}

/** Undefined when it does not run. */
async function leaseOf(
  { monitors }: VmContext,
  { qmp }: VmDeclaration,
  { signal }: OpenOptions,
): Promise<MonitorLease | undefined> {
  try {
    return await monitors.lease(qmp, signal)
  } catch (error) {
    if (isMonitorAbsent(error)) return undefined
    throw error
  }
}

/** Its configuration, and which of its disks can be read, are those of a VM that is off. */
function refuseOutdated({ name, libvirt }: VmDeclaration): void {
  if (!libvirt || libvirt.live !== undefined) return
  throw new HoldfastError('vm-busy', `the VM ${name} was started just now`, {
    hint: 'It is tried again; nothing needs to be done.',
  })
}

function refuseBusy({ name }: VmDeclaration, { busyWith }: LiveMachine): void {
  if (busyWith === '') return
  throw new HoldfastError('vm-busy', `the VM ${name} is busy with ${busyWith}`, {
    hint: 'It is tried again; nothing needs to be done.',
  })
}

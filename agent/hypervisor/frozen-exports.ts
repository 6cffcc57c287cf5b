import { HoldfastError } from '../../core/model/error.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import { namesOf, socketOf, type FreezeRequest } from './freeze-request.ts'
import { FrozenReader } from './frozen-reader.ts'
import type { LiveDisk } from './live-disk.ts'
import { QmpRefusal, type Qmp } from './qmp.ts'

/** The NBD server of this QEMU, started if there is none; its socket. */
export async function serveFrozen(
  qmp: Qmp,
  { nbdSocket, scratch }: FreezeRequest,
): Promise<string> {
  if (nbdSocket !== undefined) return nbdSocket
  const path = socketOf(scratch)
  try {
    await qmp.execute('nbd-server-start', { addr: { type: 'unix', data: { path } } })
    return path
  } catch (error) {
    if (!(error instanceof QmpRefusal) || !/already running/i.test(error.desc)) throw error
    throw new HoldfastError('vm-busy', 'another NBD server runs in this QEMU, which can have one', {
      hint: 'If it stays there, say its socket in the declaration of the VM, as `nbd:`.',
      cause: error,
    })
  }
}

/** The frozen views, exported and opened. `readers` has each as soon as it is open. */
export async function exportFrozen(
  qmp: Qmp,
  request: FreezeRequest,
  socket: string,
  readers: Map<LiveDisk, FrozenReader>,
): Promise<void> {
  const { disks, baseOf, names } = request
  for (const [at, disk] of disks.entries()) {
    const { access, filter, exported } = namesOf(request, at)
    const bitmap = baseOf(disk) === undefined ? undefined : names.frozen
    await qmp.execute('blockdev-add', {
      driver: 'snapshot-access',
      'node-name': access,
      file: filter,
    })
    await qmp.execute('block-export-add', {
      type: 'nbd',
      id: exported,
      'node-name': access,
      name: exported,
      ...(bitmap === undefined ? {} : { bitmaps: [{ node: disk.node, name: bitmap }] }),
    })
    await failpoint('vm.after-export')
    const reader = await FrozenReader.open({ socket, exportName: exported, bitmap })
    readers.set(disk, reader)
    if (reader.sizeBytes !== disk.sizeBytes) throw resized(disk.name)
  }
}

function resized(name: string): HoldfastError {
  return new HoldfastError('vm-busy', `the disk ${name} changed its size while the point began`)
}

import { dirname } from 'node:path'
import { toHoldfastError } from '../../core/model/error.ts'
import { readLayout } from '../source/image-layout.ts'
import type { OfferedDisk } from '../source/source.ts'
import { knownDisks } from './open-off-vm.ts'
import type { VmContext } from './vm-context.ts'
import type { VmDeclaration } from './vm-file.ts'

/** The disks of a VM that is off. `problem`: why it cannot be looked at; '' when it can. */
export async function offDisks(
  context: Pick<VmContext, 'memory'>,
  declaration: VmDeclaration,
  problem: string,
): Promise<OfferedDisk[]> {
  const disks: OfferedDisk[] = []
  for (const { name, path, format, reason = '' } of await knownDisks(context, declaration)) {
    const disk = { name, path, format }
    try {
      if (problem !== '' || reason !== '') throw new Error(reason || problem)
      const { sizeBytes } = await readLayout(path, format, [dirname(path)])
      disks.push({ ...disk, sizeBytes, protectable: true, reason: '' })
    } catch (error) {
      const { code, message } = toHoldfastError(error)
      const why = code === 'internal' ? message : `${code}: ${message}`
      disks.push({ ...disk, sizeBytes: 0, protectable: false, reason: why })
    }
  }
  return disks
}

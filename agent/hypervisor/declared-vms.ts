import { toHoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { readVmFiles, type VmDeclaration } from './vm-file.ts'

/** Read afresh each time; a file that is wrong is told, and does not take the others along. */
export async function declaredVms(
  places: readonly string[],
  log: Logger,
): Promise<VmDeclaration[]> {
  const all: VmDeclaration[] = []
  for (const place of places)
    try {
      for (const one of await readVmFiles(place)) {
        const twin = all.find(({ uuid }) => uuid === one.uuid)
        if (twin)
          log.warn('a VM is declared twice', { uuid: one.uuid, files: [twin.file, one.file] })
        else all.push(one)
      }
    } catch (error) {
      log.warn('VMs cannot be read', { place, reason: toHoldfastError(error).message })
    }
  return all
}

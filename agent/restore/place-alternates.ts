import type { RestoreWork__Output } from '../../core/wire/generated/holdfast/v1/RestoreWork.ts'
import { sizeChange, type FilePlace, type RestorePlan } from './restore-plan.ts'
import { openTargetFolder } from './target-folder.ts'
import { targetFormat } from './target-format.ts'
import { restoredFileName } from '../../core/model/restore-format.ts'
import { checkTargetName, temporaryName } from './target-name.ts'

/** Plans a restore to a folder that the agent allows: NAME[-DISK].EXT for each disk. */
export async function planAlternates(
  work: RestoreWork__Output,
  roots: readonly string[],
): Promise<RestorePlan> {
  checkTargetName(work.name)
  const formats = work.disks.map(({ targetFormat: own }) =>
    targetFormat(own ?? work.format, work.preallocate),
  )
  const isOne = work.disks.length === 1
  const files = work.disks.map((disk, i) =>
    restoredFileName(work.name, isOne ? undefined : disk.name, formats[i]!.name),
  )
  files.forEach(checkTargetName)
  const folder = await openTargetFolder(work.folder, roots)
  const places = work.disks.map((disk, i): FilePlace => {
    const file = files[i]!
    const temporary = temporaryName(file, work.job)
    return {
      kind: 'file',
      disk,
      format: formats[i]!,
      folder,
      file,
      temporary,
      kept: undefined,
      owner: undefined,
    }
  })
  const changes = work.disks.flatMap((disk, i) => sizeChange(disk, formats[i]!))
  return { places, folders: new Map([[folder.path, folder]]), changes }
}

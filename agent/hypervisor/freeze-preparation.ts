import { memoryOf, type FreezeSetting } from './freeze-request.ts'
import { recordOf } from './freeze-record.ts'
import { removeFiles } from './dismantle.ts'
import { makeScratchFolder, requireSpace } from './scratch.ts'
import type { OpenUndo } from './vm-undo.ts'

/** Made ready on the host, while nothing is in the VM yet. */
export interface PreparedFreeze {
  readonly setting: FreezeSetting
  readonly undo: OpenUndo
}

/** A scratch folder with room in it, and on disk what may be left behind. */
export async function prepareFreeze(setting: FreezeSetting): Promise<PreparedFreeze> {
  const { disks, companions, scratch, undoLog } = setting
  await makeScratchFolder(scratch)
  await requireSpace(
    scratch.folder,
    disks.map(({ sizeBytes }) => sizeBytes),
    memoryOf(companions)?.sizeBytes,
  )
  return { setting, undo: await undoLog.begin(recordOf(setting)) }
}

/** Of a job that put nothing into its VM. */
export async function dropPrepared({ undo }: PreparedFreeze): Promise<void> {
  try {
    await removeFiles(undo.record)
    await undo.forget()
  } finally {
    undo.end()
  }
}

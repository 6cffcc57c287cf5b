import type { FileHandle } from 'node:fs/promises'
import { openDirect } from '../../core/runtime/open-direct.ts'
import type { DiskTarget } from './disk-target.ts'
import { WriteBack } from './write-back.ts'

/**
 * A file or device that workers write into, past the page cache where that is possible, and that is
 * synced beside the writing. It is closed with the target.
 */
export async function writtenFile(file: FileHandle): Promise<Omit<DiskTarget, 'zeros'>> {
  const direct = await openDirect(`/proc/self/fd/${file.fd}`)
  const writeBack = new WriteBack(file)
  const close = async () => {
    await direct?.close()
    await file.close()
  }
  return {
    sink: { fd: file.fd, direct: direct?.fd },
    wrote: (bytes) => writeBack.wrote(bytes),
    async finish() {
      await writeBack.finish()
      await close()
    },
    async abandon() {
      await writeBack.abandon()
      await close()
    },
  }
}

import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { flatName, hasFlatExtent } from './file-names.ts'
import type { FilePlace } from './restore-plan.ts'

/** Writes the final name of the file with the bytes into a flat VMDK's description. */
export async function renameFlatExtent(place: FilePlace): Promise<void> {
  if (!hasFlatExtent(place)) return
  const { folder, temporary, file } = place
  const path = folder.child(temporary)
  const description = await open(path, constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    const text = await description.readFile('utf8')
    const old = `"${flatName(temporary)}"`
    if (!text.includes(old)) throw new HoldfastError('tool-failed', `qemu-img named no ${old}`)
    await description.truncate(0)
    await description.write(text.replace(old, `"${flatName(file)}"`), 0)
  } finally {
    await description.close()
  }
}

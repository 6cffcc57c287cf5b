import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'

/** Where programs are looked for, folder by folder, as the shell does. */
export type SearchPath = string

/** Where a program is, or undefined: asked each time, so that one installed meanwhile is found. */
export async function findTool(name: string, searchPath: SearchPath): Promise<string | undefined> {
  for (const folder of searchPath.split(':').filter(Boolean)) {
    const path = join(folder, name)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}

/** The `tool-missing` that says which package has it. */
export function toolMissing(name: string, what: string): HoldfastError {
  return new HoldfastError('tool-missing', `${what} needs ${name} of the package qemu-utils`, {
    hint: 'apt-get install qemu-utils',
  })
}

import { copyFile, stat } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'

const TRIES = 5

/** A small file that others may write to meanwhile: copied again until nothing of it has changed. */
export async function copyWhole(path: string, copy: string): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before = await traits(path)
    await copyFile(path, copy)
    if ((await traits(path)) === before) return
  }
  throw new HoldfastError('vm-busy', `${path} changes all the time while it is copied`, {
    hint: 'It is tried again; nothing needs to be done.',
  })
}

async function traits(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
  return [ino, size, mtimeNs, ctimeNs].join(' ')
}

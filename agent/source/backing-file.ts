import { lstat, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { formatByExtension, formatByName, type ImageFormat } from './image-format.ts'
import { isInside } from './image-folders.ts'

/** `nbd:`, `json:`, `file:` and the like: QEMU takes a name with a colon before any slash so. */
const PROTOCOL = /^[^/]*:/

/**
 * Which file a header's backing name means, if it may be read: a plain file inside one of the
 * allowed folders, found without leaving them through links. Whoever can write an image must not
 * make the agent read what they could not.
 */
export async function resolveBacking(
  image: string,
  name: string,
  said: string | undefined,
  allowed: readonly string[],
): Promise<{ path: string; format: ImageFormat }> {
  if (name === '' || PROTOCOL.test(name)) throw refuse(image, name, 'it is not the name of a file')
  const path = resolve(dirname(image), name)
  const real = await realpath(path).catch(() => undefined)
  // Judged by name first, so that nothing can be learned about files outside.
  if (!(await isAllowed(real ?? path, allowed)))
    throw refuse(image, path, 'it lies outside the protected folders')
  if (real === undefined || !(await plainFile(real)))
    throw refuse(image, path, 'it is missing, or not a plain file')
  return { path: real, format: backingFormat(image, path, said) }
}

function backingFormat(image: string, path: string, said: string | undefined): ImageFormat {
  const format = said === undefined ? formatByExtension(path) : formatByName(said)
  if (format) return format
  if (said === undefined)
    throw refuse(image, path, 'neither the image nor its extension says its format')
  throw new HoldfastError(
    'format-unsupported',
    `${image} cannot be read: its backing file ${path} is of format ${said}`,
  )
}

async function isAllowed(path: string, allowed: readonly string[]): Promise<boolean> {
  for (const folder of allowed) {
    const real = await realpath(folder).catch(() => resolve(folder))
    if (real === path || isInside(real, path)) return true
  }
  return false
}

export async function plainFile(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined)
  return status?.isFile() ?? false
}

export function refuse(image: string, other: string, why: string): HoldfastError {
  return new HoldfastError(
    'backing-file-refused',
    `${image} names ${other === '' ? 'an empty name' : other} as part of its disk: ${why}`,
    {
      hint: 'move both into one protected folder, or merge them with `qemu-img convert`',
      details: { image, other },
    },
  )
}

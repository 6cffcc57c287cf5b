import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'

/** Where things lie in a volume, and which names are names. */
export const MARKER_FILE = 'STORE.json'
export const LOCK_FILE = 'LOCK'
export const BALLAST_FILE = 'BALLAST'
export const FOLDERS = ['packs', 'trash', 'manifests', 'documents'] as const

const PACK_SUFFIX = '.pack'
const PACK_NAME = /^[a-z0-9][a-z0-9-]{2,62}$/
const PATH_PART = /^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/

/** Two characters of the random end of the name keep each folder small. */
export function packFolder(name: string): string {
  if (!PACK_NAME.test(name)) throw new HoldfastError('invalid-argument', `not a pack name: ${name}`)
  return `packs/${name.slice(-2).replaceAll('-', '0')}`
}

export function packPath(volume: string, name: string): string {
  return join(volume, packFolder(name), name + PACK_SUFFIX)
}

export function packNameOf(file: string): string | undefined {
  const name = file.endsWith(PACK_SUFFIX) ? file.slice(0, -PACK_SUFFIX.length) : ''
  return PACK_NAME.test(name) ? name : undefined
}

/** The time it was moved there is in the name: times of files prove nothing. */
export function trashPath(volume: string, name: string, movedAt: number): string {
  return join(volume, 'trash', `${name}.${movedAt}${PACK_SUFFIX}`)
}

export function parseTrashName(file: string): { name: string; movedAt: number } | undefined {
  const match = /^([a-z0-9][a-z0-9-]{2,62})\.(\d{1,16})\.pack$/.exec(file)
  const [, name, movedAt] = match ?? []
  return name === undefined ? undefined : { name, movedAt: Number(movedAt) }
}

/** A name such as `points/ds-1/12-v1.json`, never one that leaves its folder. */
export function checkedName(name: string): string {
  const fine = name.split('/').every((part) => PATH_PART.test(part))
  if (!fine) throw new HoldfastError('invalid-argument', `not a name in the store: ${name}`)
  return name
}

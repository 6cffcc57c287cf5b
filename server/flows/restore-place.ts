import { HoldfastError } from '../../core/model/error.ts'
import type { RestoreHost } from '../catalog/restore-target.ts'

const LONGEST_NAME = 200 // bytes: room is left for the ending of a temporary name
const LONGEST_PATH = 4000 // bytes: Linux takes 4,095
const LONG_PATH = 1000

/** Refuses a folder or a name that cannot be; gives warnings about what may not. */
export function checkTarget(
  host: RestoreHost,
  folder: string,
  name: string,
  files: readonly string[],
): string[] {
  requirePlainFolder(folder)
  requireNames(name, files)
  const longest = Math.max(...files.map((file) => Buffer.byteLength(file)))
  if (longest > LONGEST_PATH)
    throw new HoldfastError('target-refused', `a path of ${longest} bytes is too long`, {
      hint: `At most ${LONGEST_PATH} bytes.`,
    })
  requireBelowRoot(host, folder)
  return longest > LONG_PATH ? [`a path of ${longest} bytes: some programs cannot open it`] : []
}

/** Refuses a folder that files of a point cannot be put below. */
export function requireTargetFolder(host: RestoreHost, folder: string): void {
  requirePlainFolder(folder)
  requireBelowRoot(host, folder)
}

function requirePlainFolder(folder: string): void {
  if (!isPlainPath(folder))
    throw new HoldfastError(
      'target-refused',
      `${JSON.stringify(folder)} is no folder to restore to`,
      {
        hint: 'Give an absolute path without "." and "..".',
      },
    )
}

function requireNames(name: string, files: readonly string[]): void {
  for (const part of [name, ...files.map((file) => file.slice(file.lastIndexOf('/') + 1))])
    if (!isPlainName(part))
      throw new HoldfastError('target-refused', `${JSON.stringify(part)} cannot be a file's name`, {
        hint: `Give a --name without "/", of at most ${LONGEST_NAME} bytes with its ending.`,
      })
}

/** The agent looks again, at the folder itself: a link may lead elsewhere. */
function requireBelowRoot({ name, restoreRoots }: RestoreHost, folder: string): void {
  const below = (root: string) => {
    const plain = root.replace(/\/+$/, '')
    return folder.replace(/\/+$/, '') === plain || folder.startsWith(`${plain}/`)
  }
  if (restoreRoots.length === 0 || restoreRoots.some(below)) return
  throw new HoldfastError('target-refused', `${name} does not allow restores to ${folder}`, {
    hint: `It allows them below ${restoreRoots.join(', ')}; \`agent run --restore-root\` adds one.`,
  })
}

function isPlainPath(folder: string): boolean {
  if (!folder.startsWith('/') || folder.includes('\0')) return false
  return folder.split('/').every((part) => part !== '.' && part !== '..')
}

function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    !/[/\0-\x1f\x7f]/.test(name) &&
    Buffer.byteLength(name) <= LONGEST_NAME
  )
}

import { constants } from 'node:fs'
import { mkdir, open, realpath, rmdir, type FileHandle } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { isSafeComponent } from './target-name.ts'

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/**
 * A folder held open. Every file in it is reached through the descriptor, so that nobody can put
 * a symbolic link in the way between the check and the use.
 */
export class TargetFolder {
  /** As people know it; never opened again. */
  readonly path: string
  readonly #handle: FileHandle
  readonly #made: readonly MadeFolder[]

  constructor(path: string, handle: FileHandle, made: readonly MadeFolder[]) {
    this.path = path
    this.#handle = handle
    this.#made = made
  }

  get fd(): number {
    return this.#handle.fd
  }

  /** A path for file calls of this process, worker threads included. */
  child(name: string): string {
    return `/proc/self/fd/${this.#handle.fd}/${name}`
  }

  /** After it resolves, names made or removed in the folder survive power loss. */
  sync(): Promise<void> {
    return this.#handle.sync()
  }

  /** Takes away the folders that opening made, as far as they are empty. */
  async removeMade(): Promise<void> {
    for (const { parent, name } of [...this.#made].reverse())
      await rmdir(`/proc/self/fd/${parent.fd}/${name}`).catch(() => {})
  }

  async close(): Promise<void> {
    for (const { parent } of this.#made) await parent.close()
    await this.#handle.close()
  }
}

interface MadeFolder {
  readonly parent: FileHandle
  readonly name: string
}

/**
 * Opens `folder`, which must be one of `roots` or below one, component by component and without
 * following symbolic links below the root. Missing components are made.
 */
export async function openTargetFolder(
  folder: string,
  roots: readonly string[],
): Promise<TargetFolder> {
  if (!isAbsolute(folder)) throw refused(folder, 'it is not an absolute path')
  if (folder.split(sep).includes('..')) throw refused(folder, 'it contains ".."')
  for (const root of roots) {
    const canonical = await realpath(root).catch(() => undefined)
    if (canonical === undefined) continue
    const below = componentsBelow(folder, root) ?? componentsBelow(folder, canonical)
    if (below) return descend(canonical, below)
  }
  throw refused(folder, `it is not below a folder that this host allows: ${roots.join(', ')}`)
}

/** Opens a folder by its canonical path: a symbolic link anywhere in it is refused. */
export function openCanonicalFolder(path: string): Promise<TargetFolder> {
  return descend('/', resolve(path).split(sep).filter(Boolean), false)
}

function componentsBelow(folder: string, root: string): string[] | undefined {
  const rest = relative(root, resolve(folder))
  if (rest.startsWith('..') || isAbsolute(rest)) return undefined
  return rest.split(sep).filter(Boolean)
}

async function descend(
  root: string,
  components: readonly string[],
  make = true,
): Promise<TargetFolder> {
  const made: MadeFolder[] = []
  let path = root
  let handle = await open(root, FOLDER)
  try {
    for (const name of components) {
      path = resolve(path, name)
      if (!isSafeComponent(name)) throw refused(path, `"${name}" is no safe name`)
      const parent = handle
      const isMade = make && (await makeIfMissing(parent, name, path))
      handle = await enter(parent, name, path)
      if (isMade) made.push({ parent, name })
      else await parent.close()
    }
  } catch (error) {
    const folder = new TargetFolder(path, handle, made)
    await folder.removeMade()
    await closeAll(handle, made)
    throw error
  }
  return new TargetFolder(path, handle, made)
}

/** A handle may stand in both places after a failure; each is closed once. */
async function closeAll(handle: FileHandle, made: readonly MadeFolder[]): Promise<void> {
  for (const one of new Set([handle, ...made.map((m) => m.parent)])) await one.close()
}

async function makeIfMissing(parent: FileHandle, name: string, path: string): Promise<boolean> {
  try {
    await mkdir(`/proc/self/fd/${parent.fd}/${name}`, { mode: 0o755 })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw new HoldfastError('target-refused', `the folder ${path} cannot be made`, { cause: error })
  }
}

async function enter(parent: FileHandle, name: string, path: string): Promise<FileHandle> {
  try {
    return await open(`/proc/self/fd/${parent.fd}/${name}`, FOLDER)
  } catch (error) {
    if (isCode(error, 'ELOOP') || isCode(error, 'ENOTDIR'))
      throw refused(path, 'a symbolic link or a file stands in the way')
    throw new HoldfastError('target-refused', `the folder ${path} cannot be opened`, {
      cause: error,
    })
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function refused(folder: string, why: string): HoldfastError {
  return new HoldfastError('target-refused', `nothing may be restored to ${folder}: ${why}`, {
    hint: 'Name a folder below a --restore-root of the agent, a folder of its sources, or its DATA/restores.',
  })
}

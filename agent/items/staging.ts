import { constants } from 'node:fs'
import {
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  unlink,
  type FileHandle,
} from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import { hasCode } from './write-failure.ts'

const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

/**
 * A hidden folder inside of the target where each item is made whole before it gets its name: what is
 * interrupted leaves nothing half under a name that somebody may use. Nobody else may enter it.
 */
export class Staging {
  readonly #parent: OpenFolder
  readonly #folder: OpenFolder
  readonly device: number
  #last = 0

  private constructor(parent: OpenFolder, folder: OpenFolder, device: number) {
    this.#parent = parent
    this.#folder = folder
    this.device = device
  }

  /** In `parent`, which stays the caller's. What an earlier run of the job left there is removed. */
  static async open(parent: OpenFolder, job: string): Promise<Staging> {
    const name = Buffer.from(stagingName(job))
    try {
      await mkdir(parent.within(name), 0o700)
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
    const folder = await parent.folder(name)
    const { dev, uid } = await folder.handle.stat()
    if (uid !== (process.getuid?.() ?? uid)) {
      await folder.close()
      throw new HoldfastError('target-refused', `${stagingName(job)} belongs to somebody else`)
    }
    const staging = new Staging(parent, folder, dev)
    await staging.#empty()
    return staging
  }

  get fd(): number {
    return this.#folder.handle.fd
  }

  /** A name that is free in here. */
  next(): Buffer {
    return Buffer.from(String(++this.#last))
  }

  path(name: Buffer): Buffer {
    return this.#folder.within(name)
  }

  /** For other programs of this machine. */
  outside(name: Buffer): Buffer {
    return this.#folder.outside(name)
  }

  newFile(name: Buffer): Promise<FileHandle> {
    return open(this.path(name), NEW_FILE, 0o600)
  }

  async remove(name: Buffer): Promise<void> {
    await unlink(this.path(name))
  }

  /** Gives it its name, which must be free: throws EEXIST where it is not. */
  async place(name: Buffer, folder: OpenFolder, as: Buffer): Promise<void> {
    const target = folder.within(as)
    try {
      await link(this.path(name), target)
    } catch (error) {
      if (!hasCode(error, ...NO_LINKS)) throw error
      // Without hard links a name cannot be given and refused in one step.
      await requireFree(target)
      return rename(this.path(name), target)
    }
    await this.remove(name)
  }

  /** A further name in here for the same file, or for a copy where there are no hard links. */
  async again(from: Buffer, to: Buffer, other: Staging = this): Promise<'link' | 'copy'> {
    try {
      await link(this.path(from), other.path(to))
      return 'link'
    } catch (error) {
      if (!hasCode(error, 'EXDEV', ...NO_LINKS)) throw error
      await copyFile(this.path(from), other.path(to), constants.COPYFILE_EXCL)
      return 'copy'
    }
  }

  /** Gives it its name, in place of what had it: that is never seen half. */
  replace(name: Buffer, folder: OpenFolder, as: Buffer): Promise<void> {
    return rename(this.path(name), folder.within(as))
  }

  async close(): Promise<void> {
    try {
      await this.#empty()
      await rmdir(this.#parent.within(this.#folder.name))
    } finally {
      await this.#folder.close()
    }
  }

  /** There are no folders in here, and none is entered. */
  async #empty(): Promise<void> {
    const names = await readdir(this.#folder.within(Buffer.from('.')), { encoding: 'buffer' })
    for (const name of names) await unlink(this.path(name))
  }
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

export function stagingName(job: string): string {
  return `.holdfast-${job}`
}

async function requireFree(path: Buffer): Promise<void> {
  try {
    await lstat(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  throw Object.assign(new Error('it is there already'), { code: 'EEXIST' })
}

import { constants } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/**
 * A folder that is open. What is done in it is done in this very folder, whatever becomes of its
 * path meanwhile, and no link is followed: on Linux a descriptor's folder can be named.
 */
export class OpenFolder {
  readonly handle: FileHandle
  readonly name: Buffer

  private constructor(handle: FileHandle, name: Buffer) {
    this.handle = handle
    this.name = name
  }

  /** Of somebody's own choice: links in its path are theirs. */
  static async at(path: string): Promise<OpenFolder> {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY
    return new OpenFolder(await open(path, flags), Buffer.from(path))
  }

  /** For the functions of `node:fs`, as long as this folder is open. */
  within(name: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.handle.fd}/`), name])
  }

  /** Within one that another holds open: it stays theirs. */
  static async again(fd: number, name: Buffer): Promise<OpenFolder> {
    return new OpenFolder(await open(`/proc/self/fd/${fd}/.`, FOLDER), name)
  }

  /** For other programs of this machine, as long as this process has the folder open. */
  outside(name: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`/proc/${process.pid}/fd/${this.handle.fd}/`), name])
  }

  async folder(name: Buffer): Promise<OpenFolder> {
    return new OpenFolder(await open(this.within(name), FOLDER), name)
  }

  async makeFolder(name: Buffer): Promise<OpenFolder> {
    await mkdir(this.within(name), 0o700)
    return this.folder(name)
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}

import { constants } from 'node:fs'
import {
  copyFile,
  open,
  realpath,
  rename,
  stat,
  statfs,
  unlink,
  type FileHandle,
} from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { openImage } from '../../../core/disk/format/image-file.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { OpenFolder } from '../../../core/runtime/open-folder.ts'
import { refuseOutside } from '../image-folders.ts'
import type { KeptClone } from './clone-records.ts'
import { fileExtents } from './file-extents.ts'

/** File systems whose clones were tried: one instant of a file, and told places of its bytes. */
const XFS = 0x58465342
const BTRFS = 0x9123683e

/** Why an image cannot be cloned: it is read where it lies, as on any other file system. */
export type NoClone = 'no-reflink' | 'clone-no-room' | 'clone-fragmented' | 'clone-failed'

/**
 * Each extent is shared by itself, and writers wait until all are: up to 0.2 ms each were measured. An
 * image of more is not cloned, so that nothing waits for seconds.
 */
const MOST_EXTENTS = 10_000

/** An image that is open, in its folder that is open: what is cloned is what was judged. */
export class CloneableImage {
  readonly path: string
  /** Where it really lies, without links. */
  readonly realPath: string
  readonly folder: OpenFolder
  readonly #image: FileHandle

  private constructor(path: string, realPath: string, image: FileHandle, folder: OpenFolder) {
    this.path = path
    this.realPath = realPath
    this.#image = image
    this.folder = folder
  }

  /** `within`: the folder that the image was found below, and may not lead out of. */
  static async open(path: string, within: string | undefined): Promise<CloneableImage | NoClone> {
    const image = await openImage(path)
    let folder: OpenFolder | undefined
    try {
      const own = `/proc/self/fd/${image.fd}`
      await refuseOutside(own, within)
      const status = await image.stat()
      if (!status.isFile() || !(await canReflink(own))) {
        await image.close()
        return 'no-reflink'
      }
      const realPath = await realpath(own)
      folder = await OpenFolder.at(dirname(realPath))
      const there = await stat(folder.within(Buffer.from(basename(realPath)))).catch(
        () => undefined,
      )
      if (there?.ino !== status.ino || there.dev !== status.dev)
        throw new HoldfastError('source-unsettled', `${path} was replaced while it was opened`)
      return new CloneableImage(path, realPath, image, folder)
    } catch (error) {
      await folder?.close()
      await image.close()
      throw error
    }
  }

  get name(): string {
    return basename(this.realPath)
  }

  /** Whether a clone would keep writers waiting; what cannot be told counts as if it would. */
  async isFragmented(): Promise<boolean> {
    let count = 0
    const { size } = await this.#image.stat()
    try {
      for await (const { kind } of fileExtents(this.#image.fd, size))
        if (kind !== 'zero' && ++count > MOST_EXTENTS) return true
      return false
    } catch {
      return true
    }
  }

  /** Its bytes of one instant, under this name. Undefined where the file system will not. */
  async clone(name: string): Promise<ImageClone | undefined> {
    const path = this.folder.within(Buffer.from(name))
    const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants
    try {
      const mode = COPYFILE_EXCL | COPYFILE_FICLONE_FORCE
      await copyFile(`/proc/self/fd/${this.#image.fd}`, path, mode)
    } catch {
      return undefined // old kernels, XFS without reflink, no right to write here, no room
    }
    return ImageClone.open(this, name)
  }

  async close(): Promise<void> {
    await this.folder.close()
    await this.#image.close()
  }
}

async function canReflink(path: string): Promise<boolean> {
  const { type } = await statfs(path, { bigint: true })
  return [XFS, BTRFS].includes(Number(BigInt.asUintN(32, type)))
}

/** A clone that is open for reading. Nobody writes to it. */
export class ImageClone {
  readonly image: CloneableImage
  readonly handle: FileHandle
  readonly sizeBytes: number
  #name: string
  #isGivenUp = false

  private constructor(image: CloneableImage, name: string, handle: FileHandle, sizeBytes: number) {
    this.image = image
    this.#name = name
    this.handle = handle
    this.sizeBytes = sizeBytes
  }

  static async open(image: CloneableImage, name: string): Promise<ImageClone> {
    const path = image.folder.within(Buffer.from(name))
    let handle: FileHandle | undefined
    try {
      handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      const status = await handle.stat()
      // It may be cut and given other modes later: nothing that has a name elsewhere may stand in for it.
      if (!status.isFile() || status.nlink !== 1 || status.uid !== process.geteuid?.())
        throw new HoldfastError('source-unsettled', `${name} was replaced while it was made`)
      return new ImageClone(image, name, handle, status.size)
    } catch (error) {
      await handle?.close()
      await unlink(path).catch(() => {})
      throw error
    }
  }

  get name(): string {
    return this.#name
  }

  /** Opens the clone itself, in other processes of this host too, until it is closed. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.handle.fd}`
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp
  }

  /** Its bytes and places survive a power cut, and nobody but root can change them. */
  async secure(): Promise<void> {
    await this.handle.chmod(0o400)
    await this.handle.sync()
  }

  /** Gives it the name of a version and tells what it is from now on. */
  async keepAs(name: string): Promise<Omit<KeptClone, 'versionUid' | 'disk' | 'takenAt'>> {
    await rename(this.#within(this.#name), this.#within(name))
    this.#name = name
    await this.image.folder.handle.sync()
    return { name, ...identityOf(await this.handle.stat({ bigint: true })) }
  }

  /** Gives back its space at once, also while it is read: reads fail from now on. */
  async giveUp(): Promise<void> {
    this.#isGivenUp = true
    await this.handle.chmod(0o600)
    // By the open file, never by its name: somebody else may have taken that.
    const file = await open(`/proc/self/fd/${this.handle.fd}`, constants.O_WRONLY)
    try {
      await file.truncate()
    } finally {
      await file.close()
    }
  }

  async remove(): Promise<void> {
    await unlink(this.#within(this.#name)).catch(() => {}) // somebody was faster
  }

  #within(name: string): Buffer {
    return this.image.folder.within(Buffer.from(name))
  }
}

/** What tells a file from another, and from itself once somebody has touched it. */
export function identityOf(status: { ino: bigint; ctimeNs: bigint; size: bigint }) {
  const { ino, ctimeNs, size } = status
  return { inode: String(ino), changedNs: String(ctimeNs), sizeBytes: Number(size) }
}

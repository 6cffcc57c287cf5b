import { constants } from 'node:fs'
import { lchown, link, lutimes, open, symlink, unlink, type FileHandle } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { utimeOf } from '../../core/model/file-time.ts'
import { showName } from '../../core/model/guest-name.ts'
import { requireSafePath } from '../../core/model/safe-path.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import { SequentialWriter } from '../../core/runtime/sequential-writer.ts'
import { writeFailure } from './byte-output.ts'
import type { FileHead, FileSink } from '../../core/archive/file-sink.ts'

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

interface Level {
  readonly folder: OpenFolder
  readonly head: FileHead
}

interface OpenFile {
  readonly handle: FileHandle
  readonly writer: SequentialWriter
  readonly parent: OpenFolder
  readonly name: Buffer
  readonly head: FileHead
}

/**
 * Files and folders below one folder. Nothing is overwritten, no link is followed, nothing is made
 * outside: each step goes through the open folder above it. Owners are kept as root.
 */
export class FolderSink implements FileSink {
  readonly #root: OpenFolder
  readonly #isRoot: boolean
  /** Folders from the root down to where the stream is: theirs are times and modes once it leaves. */
  readonly #levels: Level[] = []
  #file: OpenFile | undefined
  #attributes = 0
  #special = 0

  constructor(root: OpenFolder, isRoot: boolean) {
    this.#root = root
    this.#isRoot = isRoot
  }

  get warnings(): string[] {
    const found: string[] = []
    if (this.#attributes > 0)
      found.push(
        `extended attributes and access lists of ${this.#attributes} files were not written: --archive tar keeps them`,
      )
    if (this.#special > 0) found.push(`${this.#special} devices, pipes and sockets were left out`)
    return found
  }

  async begin(head: FileHead): Promise<void> {
    const path = requireSafePath(head.path)
    const parent = await this.#enter(path.slice(0, -1))
    const name = path.at(-1)
    if (name === undefined) return // the root of a file system becomes the folder that is there
    if (head.attributes.length > 0) this.#attributes++
    try {
      await this.#make(head, parent, name)
    } catch (error) {
      throw writeFailure(showName(head.path).name, error)
    }
  }

  async #make(head: FileHead, parent: OpenFolder, name: Buffer): Promise<void> {
    if (head.sameAs !== null) return this.#hardLink(head.sameAs, parent, name)
    if (head.type === 'folder') this.#levels.push({ head, folder: await parent.makeFolder(name) })
    else if (head.type === 'link') await this.#link(head, parent, name)
    else if (head.type === 'file') {
      const handle = await open(parent.within(name), NEW_FILE, 0o600)
      const writer = await SequentialWriter.open(handle, head.sizeBytes)
      this.#file = { handle, writer, parent, name, head }
    } else this.#special++
  }

  async data(bytes: Buffer): Promise<void> {
    await this.#write((writer) => writer.write(bytes))
  }

  async hole(length: number): Promise<void> {
    await this.#write((writer) => writer.hole(length))
  }

  async #write(run: (writer: SequentialWriter) => Promise<void>): Promise<void> {
    if (!this.#file) return
    const { writer, head } = this.#file
    try {
      await run(writer)
    } catch (error) {
      throw writeFailure(showName(head.path).name, error)
    }
  }

  async end(isWhole: boolean): Promise<void> {
    if (isWhole) await this.#write((writer) => writer.finish())
    const file = this.#file
    this.#file = undefined
    if (!file) return
    const { handle, writer, parent, name } = file
    try {
      await writer.abandon()
      if (isWhole && writer.at === file.head.sizeBytes) await this.#complete(file)
      else await unlink(parent.within(name))
    } finally {
      await handle.close()
    }
  }

  async #complete({ handle, head }: OpenFile): Promise<void> {
    await handle.truncate(head.sizeBytes)
    await this.#dress(handle, head)
  }

  async finish(): Promise<void> {
    await this.#leave(0)
    await this.#root.close()
  }

  async abandon(): Promise<void> {
    await this.end(false)
    await this.finish()
  }

  /** The open folder of these names; those entered before and not above it are left for good. */
  async #enter(path: readonly Buffer[]): Promise<OpenFolder> {
    let depth = 0
    while (depth < path.length && this.#levels[depth]?.folder.name.equals(path[depth]!)) depth++
    await this.#leave(depth)
    if (depth === path.length) return this.#levels.at(-1)?.folder ?? this.#root
    throw new HoldfastError('target-refused', 'the folder above could not be made')
  }

  async #leave(depth: number): Promise<void> {
    while (this.#levels.length > depth) {
      const { folder, head } = this.#levels.pop()!
      await this.#dress(folder.handle, head)
      await folder.close()
    }
  }

  /** Owner before mode: changing the owner clears bits of the mode. setuid bits are not given. */
  async #dress(handle: FileHandle, { status }: FileHead): Promise<void> {
    if (!status) return
    if (this.#isRoot && status.owner) await handle.chown(status.owner.uid, status.owner.gid)
    if (status.mode !== null) await handle.chmod(status.mode & 0o1777)
    const modified = utimeOf(status.modifiedAt)
    if (modified !== undefined)
      await handle.utimes(utimeOf(status.accessedAt) ?? modified, modified)
  }

  async #link({ target, status }: FileHead, parent: OpenFolder, name: Buffer): Promise<void> {
    const path = parent.within(name)
    await symlink(target ?? Buffer.alloc(0), path)
    if (this.#isRoot && status?.owner) await lchown(path, status.owner.uid, status.owner.gid)
    const modified = utimeOf(status?.modifiedAt ?? null)
    if (modified !== undefined) await lutimes(path, modified, modified)
  }

  /** The other name is reached like everything else: from the root, without following links. */
  async #hardLink(other: Buffer, parent: OpenFolder, name: Buffer): Promise<void> {
    const path = requireSafePath(other)
    const last = path.pop()
    if (last === undefined) return
    let folder = this.#root
    try {
      for (const part of path) {
        const next = await folder.folder(part)
        if (folder !== this.#root) await folder.close()
        folder = next
      }
      await link(folder.within(last), parent.within(name))
    } finally {
      if (folder !== this.#root) await folder.close()
    }
  }
}

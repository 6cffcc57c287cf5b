import { lstat, symlink, type FileHandle } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { showName } from '../../core/model/guest-name.ts'
import { requireSafePath } from '../../core/model/safe-path.ts'
import type { OpenFolder } from '../../core/runtime/open-folder.ts'
import { SequentialWriter } from '../../core/runtime/sequential-writer.ts'
import type { SearchPath } from '../source/find-tool.ts'
import { dropAccessLists, giveAttributes } from './attributes.ts'
import { dress, dressLink, dressSpecial, giveOwner, type Dressing, type ItemHead } from './dress.ts'
import { FolderLevels, type Level, type OnConflict } from './folder-levels.ts'
import { copyName, MOST_COPIES } from './free-name.ts'
import { LinkAnchors } from './link-anchors.ts'
import { makeSpecial } from './make-special.ts'
import type { Staging } from './staging.ts'
import type { Tally } from './tally.ts'
import { endsAll, hasCode, itemFailure } from './write-failure.ts'

export interface WriterOptions {
  /** The folder that was named, open. It is closed by the writer. */
  readonly root: OpenFolder
  readonly job: string
  readonly onConflict: OnConflict
  readonly owners: 'keep' | 'target'
  readonly special: boolean
  readonly isRoot: boolean
  readonly searchPath: SearchPath
  readonly tally: Tally
  /** `device:inode` of what must never be replaced: disks of this host's sources. */
  readonly untouchable: ReadonlySet<string>
}

/** Made in the staging, not yet under its name. */
interface Staged {
  readonly head: ItemHead
  readonly shown: string
  readonly level: Level
  readonly name: Buffer
  readonly temporary: Buffer
  readonly handle: FileHandle
  /** The name is taken and stays so: only other names of the same file need it. */
  readonly isTaken: boolean
}

interface OpenItem extends Staged {
  readonly writer: SequentialWriter
}

/** What is below here is passed over. */
interface Passed {
  readonly path: Buffer
  readonly isSkipped: boolean
}

const STAGED_FILES = 32
const STAGED_BYTES = 64 * 1024 * 1024

/**
 * Writes items of a point below one folder. Each is made whole and synced in a hidden place, then
 * named; what fails of one is written down and the others go on.
 */
export class ItemWriter {
  readonly #options: WriterOptions
  readonly #levels: FolderLevels
  readonly #dressing: Dressing
  readonly #links = new LinkAnchors()
  #staged: Staged[] = []
  #stagedBytes = 0
  #open: OpenItem | undefined
  #passed: Passed | undefined
  #isInheriting = false

  private constructor(options: WriterOptions, levels: FolderLevels, dressing: Dressing) {
    this.#options = options
    this.#levels = levels
    this.#dressing = dressing
  }

  static async open(options: WriterOptions): Promise<ItemWriter> {
    const { root, job, owners, special, isRoot } = options
    const { uid, gid, mode } = await root.handle.stat()
    const dressing = { owners, special, isRoot, target: { uid, gid, mode } }
    const levels: FolderLevels = await FolderLevels.open(root, job, (level) => writer.#leave(level))
    const writer = new ItemWriter(options, levels, dressing)
    // The guest's access lists are kept: those of the target are not added to them.
    if (owners === 'keep')
      writer.#isInheriting = await dropAccessLists(levels.root.staging.fd, options.searchPath)
    return writer
  }

  /** Begins the next item; the one before is whole. Throws only what ends all. */
  async begin(head: ItemHead): Promise<void> {
    await this.end(true)
    await this.#guard(head.path, () => this.#begin(head))
  }

  async data(bytes: Buffer): Promise<void> {
    const item = this.#open
    if (!item) return
    await this.#guard(item.head.path, async () => {
      await item.writer.write(bytes)
      this.#options.tally.bytes += bytes.length
    })
  }

  async hole(length: number): Promise<void> {
    const item = this.#open
    if (item) await this.#guard(item.head.path, () => item.writer.hole(length))
  }

  /** Of what is open; whether all its content came. */
  async end(isWhole: boolean): Promise<void> {
    const item = this.#open
    if (!item) return
    await this.#guard(item.head.path, async () => {
      if (!isWhole) return this.#discard()
      await item.writer.finish()
      const { at } = item.writer
      if (at !== item.head.sizeBytes)
        throw new HoldfastError('transfer-mismatch', 'its content did not come as long as it is')
      await item.handle.truncate(at)
      this.#open = undefined
      this.#staged.push(item)
      this.#stagedBytes += at
      if (this.#staged.length >= STAGED_FILES || this.#stagedBytes >= STAGED_BYTES)
        await this.#name()
    })
  }

  /** The server could not read it. */
  async failed(path: Buffer, error: HoldfastError): Promise<void> {
    const isOpen = this.#open?.head.path.equals(path) === true
    await this.end(!isOpen)
    this.#options.tally.fail(path, error)
  }

  async finish(): Promise<void> {
    await this.end(true)
    await this.#name()
    await this.#levels.leave(0)
    await this.#levels.root.folder.handle.sync().catch(() => {}) // some network shares cannot
    await this.#levels.close()
  }

  /** What is half made is taken away; what has its name stays. */
  async abandon(): Promise<void> {
    await this.#discard()
    for (const { handle } of this.#staged.splice(0)) await handle.close()
    await this.#levels.leave(0).catch(() => {}) // the reason of the end is another
    await this.#levels.close()
  }

  async #begin(head: ItemHead): Promise<void> {
    const path = requireSafePath(head.path)
    if (this.#passOver(head)) return
    const level = await this.#levels.enter(path.slice(0, -1))
    const name = path.at(-1)
    if (name === undefined) return // the root of a file system becomes the folder that was named
    if (head.type === 'folder') return this.#folder(head, level, name)
    const isTaken = this.#options.onConflict === 'skip' && (await isThere(level, name))
    const hasOthers = head.type === 'file' && (head.status?.links ?? 1) > 1
    if (isTaken && (head.sameAs !== null || !hasOthers)) this.#options.tally.skipped++
    else if (head.sameAs !== null) await this.#hardLink(head, head.sameAs, level, name)
    else if (head.type === 'file') await this.#file(head, level, name, isTaken)
    else if (head.type === 'link') await this.#link(head, level, name)
    else await this.#special(head, level, name)
  }

  #passOver({ path }: ItemHead): boolean {
    const passed = this.#passed
    const isBelow =
      passed !== undefined &&
      path[passed.path.length] === SLASH &&
      path.subarray(0, passed.path.length).equals(passed.path)
    if (!isBelow) {
      this.#passed = undefined
      return false
    }
    if (!passed.isSkipped)
      throw new HoldfastError('target-refused', 'the folder above it could not be made')
    this.#options.tally.skipped++
    return true
  }

  async #folder(head: ItemHead, level: Level, name: Buffer): Promise<void> {
    const { onConflict, tally } = this.#options
    this.#passed = { path: head.path, isSkipped: false }
    const made = await this.#levels.make(level, name, head, onConflict)
    if (made === 'skipped') this.#passed = { path: head.path, isSkipped: true }
    else this.#passed = undefined
    if (made === 'skipped') tally.skipped++
    else tally.restored++
  }

  async #file(head: ItemHead, level: Level, name: Buffer, isTaken: boolean): Promise<void> {
    const temporary = level.staging.next()
    const handle = await level.staging.newFile(temporary)
    const shown = showName(head.path).name
    const writer = await SequentialWriter.open(handle, head.sizeBytes)
    this.#open = { head, shown, level, name, temporary, handle, isTaken, writer }
  }

  async #link(head: ItemHead, level: Level, name: Buffer): Promise<void> {
    const { tally } = this.#options
    const shown = showName(head.path).name
    const temporary = level.staging.next()
    await symlink(head.target ?? Buffer.alloc(0), level.staging.path(temporary))
    await dressLink(level.staging.path(temporary), head, this.#dressing, tally, shown)
    await this.#place(level, temporary, name)
  }

  async #special(head: ItemHead, level: Level, name: Buffer): Promise<void> {
    const { special, tally } = this.#options
    const shown = showName(head.path).name
    if (!special || head.type === 'socket') {
      tally.skipped++
      return tally.leftOut.note('devices, pipes and sockets', shown)
    }
    const { staging } = level
    const temporary = staging.next()
    await makeSpecial(staging.outside(temporary), head)
    await dressSpecial(staging.path(temporary), head, this.#dressing)
    await this.#place(level, temporary, name)
  }

  async #hardLink(head: ItemHead, other: Buffer, level: Level, name: Buffer): Promise<void> {
    await this.#name()
    const temporary = level.staging.next()
    const how = await this.#links.give(other, level.staging, temporary)
    if (how === 'copy')
      this.#options.tally.lost.note(
        'hard links, which became files of their own',
        showName(head.path).name,
      )
    await this.#place(level, temporary, name)
  }

  /** Everything that is staged gets owners, attributes, modes and times, is synced, and is named. */
  async #name(): Promise<void> {
    const staged = this.#staged.splice(0)
    this.#stagedBytes = 0
    try {
      for (const { handle, head } of staged) await giveOwner(handle, head, this.#dressing)
      await this.#giveAttributes(staged)
      const ready = await Promise.allSettled(staged.map((item) => this.#dressAndSync(item)))
      for (const [at, item] of staged.entries())
        await this.#guard(item.head.path, async () => {
          const is = ready[at]
          if (is?.status === 'rejected') throw is.reason
          await this.#nameOne(item)
        })
    } finally {
      await Promise.all(staged.map(({ handle }) => handle.close()))
    }
  }

  async #giveAttributes(
    items: readonly { handle: FileHandle; shown: string; head: ItemHead }[],
  ): Promise<void> {
    const attributed = items.map(({ handle: { fd }, shown, head: { attributes } }) => ({
      ...{ fd, shown, attributes },
    }))
    await giveAttributes(attributed, this.#options, this.#options.tally)
  }

  async #dressAndSync({ handle, head, shown }: Staged): Promise<void> {
    await dress(handle, head, this.#dressing, this.#options.tally, shown)
    await handle.sync()
  }

  async #nameOne({ head, level, name, temporary, isTaken }: Staged): Promise<void> {
    if ((head.status?.links ?? 1) > 1) await this.#links.keep(head.path, level.staging, temporary)
    if (!isTaken) return this.#place(level, temporary, name)
    await level.staging.remove(temporary)
    this.#options.tally.skipped++
  }

  async #place({ folder, staging }: Level, temporary: Buffer, name: Buffer): Promise<void> {
    const { onConflict, tally } = this.#options
    try {
      const isPlaced =
        onConflict === 'overwrite'
          ? await this.#replace(folder, staging, temporary, name)
          : await placeBeside(folder, staging, temporary, name, onConflict)
      if (isPlaced) tally.restored++
      else tally.skipped++
    } finally {
      // It has its name, or will have none.
      await staging.remove(temporary).catch(() => {})
    }
  }

  async #replace(
    folder: OpenFolder,
    staging: Staging,
    temporary: Buffer,
    name: Buffer,
  ): Promise<boolean> {
    const is = await lstat(folder.within(name)).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    })
    if (is?.isDirectory() === true)
      throw new HoldfastError('target-exists', 'a folder of this name is there already')
    if (is && this.#options.untouchable.has(`${is.dev}:${is.ino}`))
      throw new HoldfastError('target-in-use', 'a disk of a data source is there', {
        hint: '`holdfast restore --original` replaces those.',
      })
    await staging.replace(temporary, folder, name)
    return true
  }

  async #leave(level: Level): Promise<void> {
    await this.#name()
    const { head, folder } = level
    if (!head || (level.isMerged && this.#options.onConflict !== 'overwrite')) return
    const shown = showName(head.path).name
    const { handle } = folder
    await this.#guard(head.path, async () => {
      if (this.#isInheriting) await dropAccessLists(handle.fd, this.#options.searchPath)
      await giveOwner(handle, head, this.#dressing)
      await this.#giveAttributes([{ handle, shown, head }])
      await dress(handle, head, this.#dressing, this.#options.tally, shown)
      await handle.sync().catch(() => {}) // some network shares cannot
    })
  }

  async #discard(): Promise<void> {
    const item = this.#open
    this.#open = undefined
    if (!item) return
    await item.writer.abandon()
    await item.handle.close()
    await item.level.staging.remove(item.temporary)
  }

  /** What is wrong with one item is written down; what ends all is thrown. */
  async #guard(path: Buffer, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      const failure = itemFailure(showName(path).name, error)
      await this.#discard().catch(() => {}) // the first failure is the one to tell
      if (endsAll(failure)) throw failure
      this.#options.tally.fail(path, failure)
    }
  }
}

const SLASH = 0x2f

async function isThere({ folder }: Level, name: Buffer): Promise<boolean> {
  return lstat(folder.within(name)).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    },
  )
}

/** False: the name is taken, and what has it stays. */
async function placeBeside(
  folder: OpenFolder,
  staging: Staging,
  temporary: Buffer,
  name: Buffer,
  onConflict: 'copy' | 'skip',
): Promise<boolean> {
  for (let copies = 0; copies <= MOST_COPIES; copies++) {
    try {
      await staging.place(temporary, folder, copies === 0 ? name : copyName(name, copies))
      return true
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
      if (onConflict === 'skip') return false
    }
  }
  throw new HoldfastError('target-exists', `there are ${MOST_COPIES} copies of it already`)
}

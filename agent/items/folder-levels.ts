import { lstat, mkdir } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import type { ItemHead } from './dress.ts'
import { copyName, MOST_COPIES } from './free-name.ts'
import { Staging } from './staging.ts'
import { hasCode } from './write-failure.ts'

/** A folder of the guest, open where it is restored to. */
export interface Level {
  /** As the guest has it; below it may have another name. */
  readonly name: Buffer
  readonly folder: OpenFolder
  readonly staging: Staging
  /** Of the folder; undefined for the one that was named, which stays as it is. */
  readonly head: ItemHead | undefined
  /** It was there before: what is in it stays, and so does what it is. */
  readonly isMerged: boolean
}

export type OnConflict = 'copy' | 'skip' | 'overwrite'

/** Deeper than any path that programs can still open. */
const MAX_DEPTH = 1000

/**
 * The folders from the named one down to where the stream is. Each is entered through the open one
 * above it and no link is followed, so that nothing is ever made elsewhere, whatever is renamed or
 * linked meanwhile.
 */
export class FolderLevels {
  readonly #root: Level
  readonly #levels: Level[] = []
  readonly #stagings: Staging[]
  readonly #job: string
  /** Called with each that is left, after all below it. */
  readonly #left: (level: Level) => Promise<void>

  private constructor(root: Level, job: string, left: (level: Level) => Promise<void>) {
    this.#root = root
    this.#stagings = [root.staging]
    this.#job = job
    this.#left = left
  }

  static async open(
    folder: OpenFolder,
    job: string,
    left: (level: Level) => Promise<void>,
  ): Promise<FolderLevels> {
    const staging = await Staging.open(folder, job)
    const root = { name: folder.name, folder, staging, head: undefined, isMerged: true }
    return new FolderLevels(root, job, left)
  }

  get root(): Level {
    return this.#root
  }

  /** The folder of these names, which was the last but for those below it. */
  async enter(path: readonly Buffer[]): Promise<Level> {
    let depth = 0
    while (depth < path.length && this.#levels[depth]?.name.equals(path[depth]!)) depth++
    await this.leave(depth)
    if (depth === path.length) return this.#levels.at(-1) ?? this.#root
    throw new HoldfastError('target-refused', 'the folder above it could not be made')
  }

  /** Makes or enters one folder. `skipped`: something else is there, and is to stay. */
  async make(
    parent: Level,
    name: Buffer,
    head: ItemHead,
    onConflict: OnConflict,
  ): Promise<'made' | 'skipped'> {
    if (this.#levels.length >= MAX_DEPTH)
      throw new HoldfastError('target-refused', `it lies deeper than ${MAX_DEPTH} folders`)
    for (let copies = 0; copies <= MOST_COPIES; copies++) {
      const as = copies === 0 ? name : copyName(name, copies)
      const is = await makeOrLook(parent.folder, as)
      if (is === 'other' && onConflict === 'skip') return 'skipped'
      if (is === 'other' && onConflict === 'copy') continue
      if (is === 'other')
        throw new HoldfastError('target-exists', 'something that is no folder is there already')
      const folder = await parent.folder.folder(as)
      const staging = await this.#stagingFor(folder, parent.staging)
      this.#levels.push({ name, folder, staging, head, isMerged: is === 'folder' })
      return 'made'
    }
    throw new HoldfastError('target-exists', `there are ${MOST_COPIES} copies of it already`)
  }

  async leave(depth: number): Promise<void> {
    while (this.#levels.length > depth) {
      const level = this.#levels.at(-1)!
      try {
        await this.#left(level)
      } finally {
        this.#levels.pop()
        await level.folder.close()
      }
    }
  }

  /** All were left. Takes away the places of half-made files; the named folder is closed last. */
  async close(): Promise<void> {
    for (const staging of this.#stagings.splice(0).reverse()) await staging.close()
    await this.#root.folder.close()
  }

  /** Names are given within one file system only: a mounted one below has a staging of its own. */
  async #stagingFor(folder: OpenFolder, above: Staging): Promise<Staging> {
    const { dev } = await folder.handle.stat()
    if (dev === above.device) return above
    const keptOpen = await OpenFolder.again(folder.handle.fd, folder.name)
    const staging = await Staging.open(keptOpen, this.#job)
    this.#stagings.push(staging)
    return staging
  }
}

async function makeOrLook(parent: OpenFolder, name: Buffer): Promise<'new' | 'folder' | 'other'> {
  try {
    await mkdir(parent.within(name), 0o700)
    return 'new'
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
  return (await lstat(parent.within(name))).isDirectory() ? 'folder' : 'other'
}

import type { FileSystem, OpenFile } from '../../core/runtime/file-system.ts'

interface Entry {
  readonly opening: Promise<OpenFile>
  users: number
  dropped: boolean
}

const DEFAULT_LIMIT = 32

/** Packs that are open for reading, least recently used closed first; readers never lose theirs. */
export class PackFiles {
  readonly #files: FileSystem
  readonly #limit: number
  readonly #open = new Map<string, Entry>()

  constructor(files: FileSystem, limit = DEFAULT_LIMIT) {
    this.#files = files
    this.#limit = limit
  }

  async use<T>(path: string, read: (file: OpenFile) => Promise<T>): Promise<T> {
    const entry = this.#touch(path)
    entry.users++
    try {
      return await read(await entry.opening)
    } catch (error) {
      this.drop(path) // a failed open or read is tried afresh by the next reader
      throw error
    } finally {
      entry.users--
      if (entry.dropped && entry.users === 0) await close(entry)
    }
  }

  /** Readers that have it finish; the next one opens it by name again. */
  drop(path: string): void {
    const entry = this.#open.get(path)
    if (!entry) return
    this.#open.delete(path)
    entry.dropped = true
    if (entry.users === 0) void close(entry)
  }

  closeAll(): void {
    for (const path of [...this.#open.keys()]) this.drop(path)
  }

  #touch(path: string): Entry {
    const known = this.#open.get(path)
    if (known) {
      this.#open.delete(path)
      this.#open.set(path, known)
      return known
    }
    const entry = { opening: this.#files.open(path, 'read'), users: 0, dropped: false }
    this.#open.set(path, entry)
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= this.#limit) break
      this.drop(oldest)
    }
    return entry
  }
}

async function close(entry: Entry): Promise<void> {
  const file = await entry.opening.catch(() => undefined)
  await file?.close().catch(() => {}) // read only: nothing can be lost
}

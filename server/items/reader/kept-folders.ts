import type { OrderedFolder } from '../../../core/filesystem/browse/ordered-folder.ts'

/** Of one process, which may have 512 MiB and needs some 150 besides. */
const LIMIT_BYTES = 200 * 1024 * 1024
/** Of one folder: four million names of twenty letters. */
export const FOLDER_BYTES = 160 * 1024 * 1024

/** Folders of which pages were asked for: further pages are taken from what is there. Those used last stay. */
export class KeptFolders {
  readonly #folders = new Map<string, OrderedFolder>()

  get(key: string): OrderedFolder | undefined {
    const found = this.#folders.get(key)
    if (found) this.keep(key, found)
    return found
  }

  keep(key: string, folder: OrderedFolder): void {
    this.#folders.delete(key)
    this.#folders.set(key, folder)
    this.#leave(LIMIT_BYTES)
  }

  /** For one that is about to be read. */
  makeRoom(): void {
    this.#leave(LIMIT_BYTES - FOLDER_BYTES)
  }

  #leave(limit: number): void {
    let bytes = [...this.#folders.values()].reduce((sum, folder) => sum + folder.bytes, 0)
    for (const [key, folder] of this.#folders) {
      if (bytes <= limit) return
      bytes -= folder.bytes
      this.#folders.delete(key)
    }
  }
}

import { dirname, join } from 'node:path'
import {
  errorCode,
  makeFolders,
  removeIfThere,
  TEMPORARY_SUFFIX,
  writeDurably,
  type FileSystem,
} from '../../core/runtime/file-system.ts'
import { writeFailed } from './store-error.ts'
import { checkedName } from './store-layout.ts'

/** Named files below one folder of one volume. */
export class LocalDocuments {
  readonly #files: FileSystem
  readonly #volume: string
  readonly #folder: string

  constructor(files: FileSystem, volume: string, folder: 'manifests' | 'documents') {
    this.#files = files
    this.#volume = volume
    this.#folder = folder
  }

  async has(name: string): Promise<boolean> {
    return (await this.#files.stat(this.#path(name)))?.kind === 'file'
  }

  async write(name: string, content: Buffer): Promise<void> {
    try {
      await makeFolders(this.#files, this.#volume, join(this.#folder, dirname(checkedName(name))))
      await writeDurably(this.#files, this.#path(name), content)
    } catch (error) {
      throw writeFailed(`writing ${this.#folder}/${name}`, error)
    }
  }

  async read(name: string): Promise<Buffer | undefined> {
    try {
      return await this.#files.readFile(this.#path(name))
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async remove(name: string): Promise<void> {
    try {
      if (await removeIfThere(this.#files, this.#path(name)))
        await this.#files.syncFolder(dirname(this.#path(name)))
    } catch (error) {
      throw writeFailed(`removing ${this.#folder}/${name}`, error)
    }
  }

  /** Names that start with `prefix`, in no order. */
  async *list(prefix = ''): AsyncGenerator<string> {
    yield* this.#walk('', prefix)
  }

  async *#walk(below: string, prefix: string): AsyncGenerator<string> {
    const folder = join(this.#volume, this.#folder, below)
    for (const entry of await this.#files.readFolder(folder)) {
      const name = below + entry.name
      if (entry.kind === 'folder') {
        const path = `${name}/`
        if (path.startsWith(prefix) || prefix.startsWith(path)) yield* this.#walk(path, prefix)
      } else if (name.startsWith(prefix) && !name.endsWith(TEMPORARY_SUFFIX)) yield name
    }
  }

  #path(name: string): string {
    return join(this.#volume, this.#folder, checkedName(name))
  }
}

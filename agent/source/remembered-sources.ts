import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import type { Offer } from './source.ts'

export interface RememberedDisk {
  readonly name: string
  readonly path: string
  readonly format: string
}

type Remembered = Record<string, readonly RememberedDisk[]>

/** Where the disks of each source lie or lay: a recovery brings back what is not there any more. */
export class RememberedSources {
  readonly #file: string
  #sources: Remembered | undefined

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'sources.json')
  }

  /** Written only when something is new. */
  async remember(offers: readonly Offer[]): Promise<void> {
    const sources = await this.#read()
    const before = JSON.stringify(sources)
    for (const { key, disks } of offers)
      sources[key] = disks.map(({ name, path, format }) => ({ name, path, format }))
    if (JSON.stringify(sources) === before) return
    await writeDurably(systemFileSystem, this.#file, Buffer.from(JSON.stringify(sources, null, 2)))
  }

  async disksOf(key: string): Promise<readonly RememberedDisk[]> {
    const disks = (await this.#read())[key]
    if (disks) return disks
    throw new HoldfastError('source-missing', 'this host does not know where the source lay', {
      hint: 'Restore it with --to HOST --path DIR instead.',
    })
  }

  async #read(): Promise<Remembered> {
    this.#sources ??= await readFile(this.#file, 'utf8').then(
      (text) => JSON.parse(text) as Remembered,
      () => ({}),
    )
    return this.#sources
  }
}

import { readFile } from 'node:fs/promises'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import type { OfferedDisk } from '../source/source.ts'

type Remembered = Record<string, readonly OfferedDisk[]>

/** The disks that each VM was last seen with while it ran; by uuid. */
export class VmMemory {
  readonly #file: string
  #vms: Promise<Remembered> | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(file: string) {
    this.#file = file
  }

  async disksOf(uuid: string): Promise<readonly OfferedDisk[]> {
    return (await this.#read())[uuid] ?? []
  }

  /** Written only when something is new. */
  async remember(uuid: string, disks: readonly OfferedDisk[]): Promise<void> {
    const vms = await this.#read()
    if (JSON.stringify(vms[uuid]) === JSON.stringify(disks)) return
    vms[uuid] = disks
    const content = Buffer.from(JSON.stringify(vms, null, 2))
    this.#writing = this.#writing
      .catch(() => {}) // told to whoever wrote it
      .then(() => writeDurably(systemFileSystem, this.#file, content))
    await this.#writing
  }

  #read(): Promise<Remembered> {
    this.#vms ??= readFile(this.#file, 'utf8').then(
      (text) => JSON.parse(text) as Remembered,
      () => ({}),
    )
    return this.#vms
  }
}

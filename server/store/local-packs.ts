import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import {
  errorCode,
  makeFolders,
  readFully,
  removeIfThere,
  type FileSystem,
  type OpenFile,
} from '../../core/runtime/file-system.ts'
import type {
  IndexedRecord,
  PackAnnouncement,
  PackIndex,
  PackPlace,
  PackWriter,
  StoredRecord,
} from './chunk-store.ts'
import { PackFiles } from './pack-files.ts'
import { readOutline, scanEntries, walkRecords, type PackBytes } from './pack-reader.ts'
import { createPackFile, LocalPackWriter } from './pack-writer.ts'
import type { StagingPool } from './staging.ts'
import { writeFailed } from './store-error.ts'
import { packFolder, packNameOf, packPath, parseTrashName, trashPath } from './store-layout.ts'
import type { Volume } from './volume.ts'

interface Seams {
  readonly files: FileSystem
  readonly clock: Clock
  readonly pool: StagingPool
  readonly storeId: string
}

/** The packs of one volume, and its trash. */
export class LocalPacks {
  readonly #volume: Volume
  readonly #seams: Seams
  readonly #reading: PackFiles

  constructor(volume: Volume, seams: Seams) {
    this.#volume = volume
    this.#seams = seams
    this.#reading = new PackFiles(seams.files)
  }

  async create(announced: PackAnnouncement): Promise<PackWriter> {
    const { files, pool, storeId } = this.#seams
    const release = await this.#volume.promise(announced.fromReserve === true)
    const path = this.#path(announced.name)
    try {
      await makeFolders(files, this.#volume.path, packFolder(announced.name))
      const { direct } = this.#volume
      const file = await createPackFile(files, path, direct)
      return new LocalPackWriter({ files, file, path, direct, pool }, storeId, announced, release)
    } catch (error) {
      release()
      throw writeFailed(`creating pack ${announced.name}`, error)
    }
  }

  async read(name: string, offset: number, into: Buffer): Promise<void> {
    const count = await this.#open(name, (file) => readFully(file, into, offset))
    if (count < into.length) throw damaged(name, `it ends before byte ${offset + into.length}`)
  }

  /** Of the file that has the name now: a reader's open one may be of another by now. */
  async bytes(name: string): Promise<number> {
    this.#reading.drop(this.#path(name))
    return this.#open(name, (file) => file.size())
  }

  async *scan(name: string): AsyncGenerator<StoredRecord> {
    const pack = await this.#packBytes(name)
    const { entries, damage } = await readOutline(pack)
    yield* entries ? scanEntries(pack, entries) : walkRecords(pack)
    if (damage !== undefined) throw damaged(name, damage)
  }

  async index(name: string): Promise<PackIndex> {
    const pack = await this.#packBytes(name)
    const { header, entries, damage } = await readOutline(pack)
    const { firstSegment, generation } = header ?? { firstSegment: 0, generation: 0 }
    const place = { name, volume: this.#volume.uid }
    const whole = { place, bytes: pack.length, firstSegment, generation, damage }
    if (entries) return { ...whole, records: entries }
    const records: IndexedRecord[] = []
    for await (const { body, ...record } of walkRecords(pack))
      records.push(Buffer.isBuffer(body) ? record : { ...record, damage: body.damage })
    return { ...whole, records }
  }

  async moveToTrash(name: string): Promise<void> {
    const { files, clock } = this.#seams
    this.#reading.drop(this.#path(name))
    try {
      await files.rename(this.#path(name), trashPath(this.#volume.path, name, clock.now()))
      await this.#syncNames(name)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return this.#volume.checkPresent()
      throw writeFailed(`moving pack ${name} to the trash`, error)
    }
  }

  async takeFromTrash(name: string): Promise<boolean> {
    const { files } = this.#seams
    for await (const item of this.#trash()) {
      if (item.name !== name) continue
      await files.rename(item.path, this.#path(name))
      await this.#syncNames(name)
      return true
    }
    return false
  }

  async emptyTrash(olderThanMs: number): Promise<{ packs: number; bytes: number }> {
    const { files, clock } = this.#seams
    const removed = { packs: 0, bytes: 0 }
    for await (const { path, movedAt } of this.#trash()) {
      if (clock.now() - movedAt < olderThanMs) continue
      const bytes = (await files.stat(path))?.size ?? 0
      if (!(await removeIfThere(files, path))) continue
      removed.packs++
      removed.bytes += bytes
    }
    return removed
  }

  async trashBytes(): Promise<number> {
    let bytes = 0
    for await (const { path } of this.#trash())
      bytes += (await this.#seams.files.stat(path))?.size ?? 0
    return bytes
  }

  async *list(): AsyncGenerator<PackPlace> {
    const { files } = this.#seams
    const root = join(this.#volume.path, 'packs')
    for (const folder of await files.readFolder(root)) {
      if (folder.kind !== 'folder') continue
      for (const entry of await files.readFolder(join(root, folder.name))) {
        const name = entry.kind === 'file' ? packNameOf(entry.name) : undefined
        if (name !== undefined) yield { name, volume: this.#volume.uid }
      }
    }
  }

  close(): void {
    this.#reading.closeAll()
  }

  #path(name: string): string {
    return packPath(this.#volume.path, name)
  }

  async *#trash(): AsyncGenerator<{ name: string; movedAt: number; path: string }> {
    const folder = join(this.#volume.path, 'trash')
    for (const entry of await this.#seams.files.readFolder(folder)) {
      const parsed = parseTrashName(entry.name)
      if (parsed) yield { ...parsed, path: join(folder, entry.name) }
    }
  }

  async #syncNames(name: string): Promise<void> {
    const { files } = this.#seams
    await files.syncFolder(join(this.#volume.path, packFolder(name)))
    await files.syncFolder(join(this.#volume.path, 'trash'))
  }

  async #packBytes(name: string): Promise<PackBytes> {
    const length = await this.bytes(name)
    return { name, length, read: (offset, into) => this.read(name, offset, into) }
  }

  /** A missing file is damage only where the store itself is present: an empty mount is not. */
  async #open<T>(name: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
    try {
      return await this.#reading.use(this.#path(name), use)
    } catch (error) {
      if (error instanceof HoldfastError) throw error
      await this.#volume.checkPresent()
      const code = errorCode(error) ?? 'unknown error'
      throw damaged(name, code === 'ENOENT' ? 'its file is gone' : `reading failed: ${code}`, error)
    }
  }
}

function damaged(name: string, why: string, cause?: unknown): HoldfastError {
  return new HoldfastError('pack-damaged', `pack ${name}: ${why}`, {
    hint: 'Run `holdfast verify --all` for the points concerned, then `holdfast check` to heal them.',
    details: { pack: name },
    cause,
  })
}

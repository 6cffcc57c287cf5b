import { HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { damaged, unsupported } from '../damaged.ts'
import type {
  GuestEntry,
  GuestFile,
  GuestFileSystem,
  GuestStatus,
  GuestStream,
  NodeId,
} from '../file-system.ts'
import { heldFile } from '../mapped-file.ts'
import { requireName } from '../name.ts'
import { fromUtf16, toText } from '../utf16.ts'
import { isEncrypted, sizesOf } from './content.ts'
import { FILE_FLAG, fileTime, parseFileName, unitsOf } from './file-name.ts'
import type { FileTable } from './file-table.ts'
import { openFolder } from './folder-index.ts'
import type { IndexEntry } from './index-node.ts'
import { readNameOrder, type NameOrder } from './name-order.ts'
import { readFile, type NtfsFile } from './ntfs-file.ts'
import { ATTRIBUTE, residentValue } from './record.ts'
import { parseInterix, parseReparsePoint, type Special } from './special-file.ts'

const UPPER_CASE = 10
/** Records below are the volume's own; they are in the root, where no system shows them. */
const FIRST_OF_GUEST = 16
const ROOT = 5

export class NtfsFileSystem implements GuestFileSystem {
  readonly kind = 'ntfs'
  readonly label: string
  readonly root: NodeId
  readonly warnings: readonly string[]
  readonly #source: ByteReader
  readonly #table: FileTable
  #order: Promise<NameOrder> | undefined

  constructor(
    source: ByteReader,
    table: FileTable,
    about: { label: string; warnings: readonly string[]; rootSequence: number },
  ) {
    this.#source = source
    this.#table = table
    this.label = about.label
    this.warnings = about.warnings
    this.root = `${ROOT}-${about.rootSequence}`
  }

  async *list(folder: NodeId): AsyncGenerator<GuestEntry> {
    const index = await this.#folder(folder)
    for await (const found of index.entries()) {
      const entry = await this.#entry(found)
      if (entry) yield entry
    }
  }

  async lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined> {
    const index = await this.#folder(folder)
    const order = await this.#nameOrder()
    const wanted = Buffer.from(toText(name), 'utf16le')
    let similar: IndexEntry | undefined
    for await (const found of index.path((key) => order.compare(wanted, unitsOf(key)))) {
      const units = unitsOf(found.key)
      if (units.equals(wanted)) return this.#entry(found)
      if (order.compareFolded(units, wanted) === 0) similar = found
    }
    return similar && this.#entry(similar)
  }

  async status(id: NodeId): Promise<GuestStatus> {
    const file = await this.#file(id)
    const information = await this.#information(file)
    const special = await this.#special(file, information.flags)
    const data = await file.parts(ATTRIBUTE.data)[0]?.load()
    const ownSize = special.type === 'file' && data ? sizesOf(data).sizeBytes : 0
    return {
      id,
      type: special.type,
      sizeBytes: special.target?.length ?? ownSize,
      mode: null,
      owner: null,
      links: await linksOf(file),
      ...information.times,
      device: null,
      encrypted: data !== undefined && isEncrypted(data),
    }
  }

  async open(id: NodeId, stream?: Buffer): Promise<GuestFile> {
    const file = await this.#file(id)
    if (stream) {
      if (stream.length === 0 || file.parts(ATTRIBUTE.data, stream).length === 0)
        throw new HoldfastError('path-not-found', `ntfs: ${id} has no stream ${stream.toString()}`)
      return file.open(this.#source, ATTRIBUTE.data, stream)
    }
    const special = await this.#special(file, (await this.#information(file)).flags)
    if (special.type !== 'file')
      throw new HoldfastError('invalid-argument', `ntfs: ${id} is a ${special.type}, not a file`)
    if (special.obstacle) throw unsupported(`ntfs: the file ${special.obstacle}`)
    if (file.parts(ATTRIBUTE.data).length === 0) return heldFile(Buffer.alloc(0))
    return file.open(this.#source, ATTRIBUTE.data)
  }

  async readLink(id: NodeId): Promise<Buffer> {
    const file = await this.#file(id)
    const { target } = await this.#special(file, (await this.#information(file)).flags)
    if (target) return target
    throw new HoldfastError('invalid-argument', `ntfs: ${id} is not a link`)
  }

  async attributes(): Promise<[]> {
    return []
  }

  async streams(id: NodeId): Promise<readonly GuestStream[]> {
    const streams: GuestStream[] = []
    for (const { name, load } of (await this.#file(id)).each(ATTRIBUTE.data))
      if (name.length > 0) streams.push({ name, sizeBytes: sizesOf(await load()).sizeBytes })
    return streams
  }

  async #file(id: NodeId): Promise<NtfsFile> {
    const [number, sequence] = /^(\d{1,12})-(\d{1,5})$/.exec(id)?.slice(1).map(Number) ?? []
    if (number === undefined)
      throw new HoldfastError('path-not-found', `ntfs: there is no file ${id}`)
    const file = await readFile(this.#table, number)
    if (file.record.sequence !== sequence)
      throw damaged(`ntfs: record ${number} belongs to another file than ${id}`)
    return file
  }

  async #folder(id: NodeId) {
    const file = await this.#file(id)
    if (!file.record.isFolder)
      throw new HoldfastError('invalid-argument', `ntfs: ${id} is not a folder`)
    return openFolder(this.#table.disk, this.#table.geometry, file)
  }

  /** Undefined for names that are not shown: those for DOS and the volume's own files. */
  async #entry({ key, reference }: IndexEntry): Promise<GuestEntry | undefined> {
    const { name, isDosOnly, isFolder, flags } = parseFileName(key)
    if (isDosOnly || reference.record < FIRST_OF_GUEST) return undefined
    requireName(name, `ntfs: record ${reference.record}`)
    const id = `${reference.record}-${reference.sequence}`
    const mayBeSpecial = (flags & FILE_FLAG.reparsePoint) !== 0 || (flags & FILE_FLAG.system) !== 0
    const plain = isFolder ? 'folder' : 'file'
    return { name, id, type: mayBeSpecial ? await this.#typeOf(id, plain) : plain }
  }

  /** A file that cannot be read is listed all the same. */
  async #typeOf(id: NodeId, otherwise: 'file' | 'folder') {
    try {
      const file = await this.#file(id)
      return (await this.#special(file, (await this.#information(file)).flags)).type
    } catch (error) {
      if (error instanceof HoldfastError && error.code.startsWith('filesystem-')) return otherwise
      throw error
    }
  }

  async #special(file: NtfsFile, flags: number): Promise<Special> {
    const { isFolder } = file.record
    const reparse = await file.value(ATTRIBUTE.reparsePoint)
    if (reparse) return parseReparsePoint(reparse, isFolder)
    if (isFolder) return { type: 'folder' }
    const isSystem = (flags & FILE_FLAG.system) !== 0 && file.parts(ATTRIBUTE.data).length > 0
    if (!isSystem) return { type: 'file' }
    const first = await file.parts(ATTRIBUTE.data)[0]?.load()
    if (!first || isEncrypted(first)) return { type: 'file' }
    const content = await file.open(this.#table.disk, ATTRIBUTE.data)
    return parseInterix(await content.read(0, 8200)) ?? { type: 'file' }
  }

  async #information(file: NtfsFile) {
    const value = await file.value(ATTRIBUTE.information)
    if (!value || value.length < 36)
      throw damaged(`ntfs: record ${file.record.number} has no standard information`)
    return {
      flags: value.readUInt32LE(32),
      times: {
        createdAt: fileTime(value, 0),
        modifiedAt: fileTime(value, 8),
        changedAt: fileTime(value, 16),
        accessedAt: fileTime(value, 24),
      },
    }
  }

  #nameOrder(): Promise<NameOrder> {
    this.#order ??= readFile(this.#table, UPPER_CASE)
      .then((file) => file.open(this.#table.disk, ATTRIBUTE.data))
      .then(readNameOrder)
    return this.#order
  }
}

/** Names other than those for DOS. */
async function linksOf(file: NtfsFile): Promise<number> {
  let links = 0
  for (const { load } of file.each(ATTRIBUTE.fileName)) {
    const value = residentValue(await load())
    if (value.length >= 66 && !parseFileName(value).isDosOnly) links++
  }
  return Math.max(links, 1)
}

export function labelOf(value: Buffer | undefined): string {
  return value ? fromUtf16(value).toString() : ''
}

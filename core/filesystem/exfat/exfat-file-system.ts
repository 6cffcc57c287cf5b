import { HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { ClusterChain, chainMapping, placeOf, type Heap } from '../fat/cluster-chain.ts'
import { ClusterTable } from '../fat/cluster-table.ts'
import { chainPieces, fixedPieces, type FolderPiece } from '../fat/folder.ts'
import type { GuestEntry, GuestFile, GuestFileSystem, GuestStatus, NodeId } from '../file-system.ts'
import { findFolded } from '../fold.ts'
import { heldFile, mappedFile, type Mapping } from '../mapped-file.ts'
import { requireName } from '../name.ts'
import { cached } from '../read-cache.ts'
import { contentOf, ENTRY_BYTES, FILE, STREAM, timesOf, type Content } from './entry-set.ts'
import { findLabel, folderEntries } from './folder.ts'
import { readGeometry, type ExfatGeometry } from './geometry.ts'

const ROOT = 'root'
const FOLDER = 0x10
const MAX_FOLDER_BYTES = 256 * 1024 * 1024

/** A file's two entries: times and attributes, place and size. */
interface Node {
  readonly file: Buffer
  readonly content: Content
}

export async function openExfat(source: ByteReader): Promise<GuestFileSystem> {
  const disk = cached(source)
  const system = new ExfatFileSystem(source, disk, await readGeometry(disk))
  await system.readLabel()
  return system
}

class ExfatFileSystem implements GuestFileSystem {
  readonly kind = 'exfat'
  readonly root = ROOT
  readonly warnings: readonly string[]
  label = ''
  readonly #source: ByteReader
  readonly #disk: ByteReader
  readonly #geometry: ExfatGeometry
  readonly #table: ClusterTable
  readonly #heap: Heap

  constructor(source: ByteReader, disk: ByteReader, geometry: ExfatGeometry) {
    this.#source = source
    this.#disk = disk
    this.#geometry = geometry
    this.#table = new ClusterTable(disk, geometry.tableOffset, {
      bits: 32,
      clusterCount: geometry.clusterCount,
      isExfat: true,
    })
    this.#heap = { offset: geometry.heapOffset, clusterBytes: geometry.clusterBytes }
    this.warnings = warningsOf(geometry)
  }

  async readLabel(): Promise<void> {
    this.label = await findLabel(this.#rootPieces())
  }

  async *list(folder: NodeId): AsyncGenerator<GuestEntry> {
    for await (const { name, file, stream } of folderEntries(await this.#pieces(folder))) {
      requireName(name, `exfat: the entry at ${file.place}`)
      yield { name, type: typeOf(file.bytes), id: `${file.place}-${stream.place}` }
    }
  }

  lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined> {
    return findFolded(this.list(folder), name)
  }

  async status(id: NodeId): Promise<GuestStatus> {
    const node = id === ROOT ? undefined : await this.#node(id)
    const type = node ? typeOf(node.file) : 'folder'
    const times = node ? timesOf(node.file) : NO_TIMES
    return {
      id,
      type,
      sizeBytes: node && type === 'file' ? node.content.sizeBytes : 0,
      mode: null,
      owner: null,
      links: 1,
      ...times,
      changedAt: null,
      device: null,
      encrypted: false,
    }
  }

  async open(id: NodeId): Promise<GuestFile> {
    const node = id === ROOT ? undefined : await this.#node(id)
    if (!node || typeOf(node.file) !== 'file')
      throw new HoldfastError('invalid-argument', `exfat: ${id} is not a file`)
    if (node.content.sizeBytes === 0) return heldFile(Buffer.alloc(0))
    return mappedFile(this.#source, this.#mapping(node.content, id))
  }

  async readLink(id: NodeId): Promise<Buffer> {
    throw new HoldfastError('invalid-argument', `exfat: ${id} is not a link`)
  }

  async attributes(): Promise<[]> {
    return []
  }

  #mapping(content: Content, id: NodeId): Mapping {
    const { first, sizeBytes, validBytes, isContiguous } = content
    if (sizeBytes > this.#geometry.clusterCount * this.#heap.clusterBytes)
      throw damaged(`exfat: the file at ${id} is larger than the disk`)
    const chain = new ClusterChain(this.#table, first)
    if (!isContiguous) return chainMapping(chain, this.#heap, sizeBytes, validBytes)
    const place = this.#contiguous(first, sizeBytes)
    return {
      sizeBytes,
      async locate(offset) {
        if (offset >= validBytes) return { place: null, length: sizeBytes - offset }
        return { place: place + offset, length: validBytes - offset }
      },
    }
  }

  #contiguous(first: number, sizeBytes: number): number {
    this.#table.requireCluster(first)
    this.#table.requireCluster(first + Math.ceil(sizeBytes / this.#heap.clusterBytes) - 1)
    return placeOf(this.#heap, first)
  }

  async #pieces(folder: NodeId): Promise<AsyncIterable<FolderPiece>> {
    if (folder === ROOT) return this.#rootPieces()
    const { file, content } = await this.#node(folder)
    if (typeOf(file) !== 'folder')
      throw new HoldfastError('invalid-argument', `exfat: ${folder} is not a folder`)
    const { first, sizeBytes, isContiguous } = content
    if (sizeBytes > MAX_FOLDER_BYTES) throw damaged(`exfat: a folder of ${sizeBytes} bytes`)
    if (isContiguous && sizeBytes > 0)
      return fixedPieces(this.#disk, this.#contiguous(first, sizeBytes), sizeBytes)
    return chainPieces(this.#disk, this.#table, this.#heap, { first, limitBytes: sizeBytes })
  }

  #rootPieces(): AsyncIterable<FolderPiece> {
    const first = this.#geometry.rootCluster
    return chainPieces(this.#disk, this.#table, this.#heap, { first, limitBytes: MAX_FOLDER_BYTES })
  }

  async #node(id: NodeId): Promise<Node> {
    const places = /^([0-9]{1,15})-([0-9]{1,15})$/.exec(id)?.slice(1).map(Number)
    const [file, stream] = await Promise.all((places ?? []).map((place) => this.#entry(place)))
    if (file?.[0] !== FILE || stream?.[0] !== STREAM)
      throw new HoldfastError('path-not-found', `exfat: there is no file ${id}`)
    return { file, content: contentOf(stream) }
  }

  async #entry(place: number): Promise<Buffer | undefined> {
    const isInside = place >= this.#heap.offset && place + ENTRY_BYTES <= this.#disk.sizeBytes
    return isInside && place % ENTRY_BYTES === 0 ? this.#disk.read(place, ENTRY_BYTES) : undefined
  }
}

const NO_TIMES = { createdAt: null, modifiedAt: null, accessedAt: null }

function typeOf(file: Buffer): 'folder' | 'file' {
  return (file.readUInt16LE(4) & FOLDER) !== 0 ? 'folder' : 'file'
}

function warningsOf(geometry: ExfatGeometry): string[] {
  const warnings: string[] = []
  if (geometry.isFromBackup)
    warnings.push('exfat: the boot region is damaged; its copy is used instead')
  if (geometry.isDirty)
    warnings.push(
      'exfat: was in use when the disk was read; files and folders that were being written may be incomplete',
    )
  return warnings
}

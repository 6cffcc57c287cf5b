import { HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { GuestEntry, GuestFile, GuestFileSystem, GuestStatus, NodeId } from '../file-system.ts'
import { heldFile, mappedFile, readChecked } from '../mapped-file.ts'
import { requireName } from '../name.ts'
import { cached } from '../read-cache.ts'
import { findFolded } from '../fold.ts'
import { ClusterChain, chainMapping, type Heap } from './cluster-chain.ts'
import { ClusterTable } from './cluster-table.ts'
import { dosTime } from './dos-time.ts'
import { chainPieces, ENTRY_BYTES, findLabel, fixedPieces, folderEntries } from './folder.ts'
import type { FolderPiece } from './folder.ts'
import { readGeometry, type FatGeometry } from './geometry.ts'

const ROOT = 'root'
const FOLDER = 0x10
const MAX_FOLDER_BYTES = 2 * 1024 * 1024

/** FAT12, FAT16 and FAT32, with long names. Times are given as if they were UTC. */
export async function openFat(source: ByteReader): Promise<GuestFileSystem> {
  const disk = cached(source)
  const geometry = readGeometry(await readChecked(disk, 0, 512), disk.sizeBytes)
  const table = new ClusterTable(disk, geometry.tableOffset, geometry)
  const warnings = await stateWarnings(table, geometry)
  const system = new FatFileSystem(source, disk, geometry, table, warnings)
  await system.readLabel()
  return system
}

/** Flags in the table's second entry; the first of them is missing when it was not unmounted. */
async function stateWarnings(table: ClusterTable, geometry: FatGeometry): Promise<string[]> {
  if (geometry.bits === 12) return []
  const flags = await table.entry(1)
  const clean = geometry.bits === 16 ? 0x8000 : 0x08000000
  if ((flags & clean) !== 0) return []
  return [
    `${geometry.kind}: was in use when the disk was read; files and folders that were being written may be incomplete`,
  ]
}

class FatFileSystem implements GuestFileSystem {
  readonly kind: string
  readonly root = ROOT
  readonly warnings: readonly string[]
  readonly #content: ByteReader
  readonly #disk: ByteReader
  readonly #geometry: FatGeometry
  readonly #table: ClusterTable
  readonly #heap: Heap
  #label: string

  constructor(
    content: ByteReader,
    disk: ByteReader,
    geometry: FatGeometry,
    table: ClusterTable,
    warnings: readonly string[],
  ) {
    this.kind = geometry.kind
    this.warnings = warnings
    this.#content = content
    this.#disk = disk
    this.#geometry = geometry
    this.#table = table
    this.#heap = { offset: geometry.heapOffset, clusterBytes: geometry.clusterBytes }
    this.#label = geometry.label
  }

  get label(): string {
    return this.#label
  }

  async readLabel(): Promise<void> {
    this.#label = (await findLabel(this.#rootPieces())) ?? this.#label
  }

  async *list(folder: NodeId): AsyncGenerator<GuestEntry> {
    for await (const { name, place, bytes } of folderEntries(await this.#pieces(folder))) {
      requireName(name, `${this.kind}: the entry at ${place}`)
      yield { name, type: typeOf(bytes), id: String(place) }
    }
  }

  lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined> {
    return findFolded(this.list(folder), name)
  }

  async status(id: NodeId): Promise<GuestStatus> {
    const entry = id === ROOT ? Buffer.alloc(ENTRY_BYTES, 0) : await this.#entry(id)
    const type = id === ROOT ? 'folder' : typeOf(entry)
    return {
      id,
      type,
      sizeBytes: type === 'file' ? entry.readUInt32LE(28) : 0,
      mode: null,
      owner: null,
      links: 1,
      modifiedAt: dosTime(entry.readUInt16LE(24), entry.readUInt16LE(22)),
      accessedAt: dosTime(entry.readUInt16LE(18), 0),
      changedAt: null,
      createdAt: dosTime(entry.readUInt16LE(16), entry.readUInt16LE(14), entry.readUInt8(13)),
      device: null,
      encrypted: false,
    }
  }

  async open(id: NodeId): Promise<GuestFile> {
    const entry = id === ROOT ? undefined : await this.#entry(id)
    if (!entry || typeOf(entry) !== 'file')
      throw new HoldfastError('invalid-argument', `${this.kind}: ${id} is not a file`)
    const sizeBytes = entry.readUInt32LE(28)
    if (sizeBytes === 0) return heldFile(Buffer.alloc(0))
    if (sizeBytes > this.#table.clusterCount * this.#heap.clusterBytes)
      throw damaged(`${this.kind}: the file at ${id} is larger than the disk`)
    const chain = new ClusterChain(this.#table, this.#firstCluster(entry))
    return mappedFile(this.#content, chainMapping(chain, this.#heap, sizeBytes))
  }

  async readLink(id: NodeId): Promise<Buffer> {
    throw new HoldfastError('invalid-argument', `${this.kind}: ${id} is not a link`)
  }

  async attributes(): Promise<[]> {
    return []
  }

  /** The entry that an id points at. It is looked at as hostile: callers keep ids. */
  async #entry(id: NodeId): Promise<Buffer> {
    const { rootOffset, heapOffset } = this.#geometry
    const place = /^[0-9]{1,15}$/.test(id) ? Number(id) : -1
    const isEntry =
      place >= (this.#geometry.rootBytes > 0 ? rootOffset : heapOffset) &&
      place % ENTRY_BYTES === 0 &&
      place + ENTRY_BYTES <= this.#disk.sizeBytes
    if (!isEntry) throw new HoldfastError('path-not-found', `${this.kind}: there is no file ${id}`)
    return this.#disk.read(place, ENTRY_BYTES)
  }

  async #pieces(folder: NodeId): Promise<AsyncIterable<FolderPiece>> {
    if (folder === ROOT) return this.#rootPieces()
    const entry = await this.#entry(folder)
    if (typeOf(entry) !== 'folder')
      throw new HoldfastError('invalid-argument', `${this.kind}: ${folder} is not a folder`)
    return this.#chain(this.#firstCluster(entry))
  }

  #rootPieces(): AsyncIterable<FolderPiece> {
    const { bits, rootOffset, rootBytes, rootCluster } = this.#geometry
    if (bits === 32) return this.#chain(rootCluster)
    return fixedPieces(this.#disk, rootOffset, rootBytes)
  }

  #chain(first: number): AsyncIterable<FolderPiece> {
    const limitBytes = MAX_FOLDER_BYTES + 1
    return chainPieces(this.#disk, this.#table, this.#heap, { first, limitBytes })
  }

  #firstCluster(entry: Buffer): number {
    const high = this.#geometry.bits === 32 ? entry.readUInt16LE(20) * 65536 : 0
    return high + entry.readUInt16LE(26)
  }
}

function typeOf(entry: Buffer): 'folder' | 'file' {
  return (entry.readUInt8(11) & FOLDER) !== 0 ? 'folder' : 'file'
}

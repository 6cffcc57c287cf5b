import { HoldfastError } from '../../core/model/error.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { systemFileSystem, type FileSystem } from '../../core/runtime/file-system.ts'
import { systemRandom, type Random } from '../../core/runtime/random.ts'
import type {
  ChunkStore,
  PackAnnouncement,
  PackIndex,
  PackPlace,
  PackWriter,
  StoredRecord,
  StoreMarker,
  VolumeSpace,
} from './chunk-store.ts'
import { createVolume } from './create-store.ts'
import { LocalDocuments } from './local-documents.ts'
import { LocalPacks } from './local-packs.ts'
import { StagingPool } from './staging.ts'
import {
  checkExpected,
  readVolumeMarker,
  STORE_FORMAT,
  writeVolumeMarker,
  type ExpectedStore,
} from './store-marker.ts'
import {
  DEFAULT_RESERVE_BYTES,
  noRoom,
  openVolume,
  type Volume,
  type VolumeOptions,
} from './volume.ts'

export interface LocalStoreOptions {
  /** Folders, one a volume. */
  readonly folders: readonly string[]
  /** What the catalog knows; nothing for a rebuild. */
  readonly expected?: ExpectedStore
  readonly files?: FileSystem
  readonly clock?: Clock
  readonly random?: Random
  readonly reserveBytes?: number
  readonly buffered?: boolean
}

interface Part {
  readonly volume: Volume
  readonly packs: LocalPacks
  readonly manifests: LocalDocuments
  readonly documents: LocalDocuments
}

/** Opens what `createStore` made, and locks it. Never makes anything where a store is missing. */
export async function openLocalStore(options: LocalStoreOptions): Promise<LocalStore> {
  const volumeOptions: VolumeOptions = {
    files: options.files ?? systemFileSystem,
    random: options.random ?? systemRandom,
    pool: new StagingPool(),
    reserveBytes: options.reserveBytes ?? DEFAULT_RESERVE_BYTES,
    buffered: options.buffered ?? false,
  }
  const volumes: Volume[] = []
  let expected = options.expected ?? {}
  try {
    for (const folder of options.folders) {
      const { volume, marker } = await openVolume(folder, volumeOptions)
      volumes.push(volume)
      checkExpected(folder, marker, expected)
      expected = { ...expected, storeId: marker.storeId } // all volumes of one store
    }
  } catch (error) {
    for (const volume of volumes) await volume.release()
    throw error
  }
  if (expected.storeId === undefined) throw new RangeError('a store has at least one volume')
  for (const volume of volumes) await volume.keepBallast()
  return new LocalStore(expected.storeId, volumes, volumeOptions, options.clock ?? systemClock)
}

/** Packs and documents in folders. A manifest or document lies on the first volume that took it. */
export class LocalStore implements ChunkStore {
  readonly storeId: string
  readonly #options: VolumeOptions
  readonly #clock: Clock
  readonly #parts: Part[]

  constructor(storeId: string, volumes: readonly Volume[], options: VolumeOptions, clock: Clock) {
    this.storeId = storeId
    this.#options = options
    this.#clock = clock
    this.#parts = volumes.map((volume) => this.#part(volume))
  }

  #part(volume: Volume): Part {
    const { files, pool } = this.#options
    const seams = { files, pool, clock: this.#clock, storeId: this.storeId }
    return {
      volume,
      packs: new LocalPacks(volume, seams),
      manifests: new LocalDocuments(files, volume.path, 'manifests'),
      documents: new LocalDocuments(files, volume.path, 'documents'),
    }
  }

  volumes(): Promise<VolumeSpace[]> {
    return Promise.all(this.#parts.map(({ volume }) => volume.space()))
  }

  async addVolume(folder: string): Promise<VolumeSpace> {
    await createVolume(this.#options.files, folder, await this.readMarker(), this.#options.random)
    const { volume } = await openVolume(folder, this.#options)
    await volume.keepBallast()
    this.#parts.push(this.#part(volume))
    return volume.space()
  }

  async chooseVolume(preferred?: string | null): Promise<string> {
    const rooms = await Promise.all(
      this.#parts.map(async ({ volume }) => ({ volume, ...(await volume.room()) })),
    )
    const spare = (room: { freeBytes: number; neededBytes: number }): number =>
      room.freeBytes - room.neededBytes
    const wanted = rooms.find(({ volume }) => volume.path === preferred)
    if (wanted && spare(wanted) >= 0) return wanted.volume.uid
    const [best] = rooms.sort((a, b) => spare(b) - spare(a))
    if (!best) throw new RangeError('a store has at least one volume')
    if (spare(best) < 0) throw noRoom(best.volume.path, best.freeBytes, best.neededBytes)
    return best.volume.uid
  }

  async createPack(announcement: PackAnnouncement): Promise<PackWriter> {
    return this.#of(announcement).packs.create(announcement)
  }

  async readPack(place: PackPlace, offset: number, into: Buffer): Promise<void> {
    return this.#of(place).packs.read(place.name, offset, into)
  }

  async packBytes(place: PackPlace): Promise<number> {
    return this.#of(place).packs.bytes(place.name)
  }

  scanPack(place: PackPlace): AsyncIterable<StoredRecord> {
    return this.#of(place).packs.scan(place.name)
  }

  async readPackIndex(place: PackPlace): Promise<PackIndex> {
    return this.#of(place).packs.index(place.name)
  }

  async moveToTrash(place: PackPlace): Promise<void> {
    return this.#of(place).packs.moveToTrash(place.name)
  }

  async takeFromTrash(place: PackPlace): Promise<boolean> {
    return this.#of(place).packs.takeFromTrash(place.name)
  }

  async emptyTrash(olderThanMs: number): Promise<{ packs: number; bytes: number }> {
    const sum = { packs: 0, bytes: 0 }
    for (const { packs, volume } of this.#parts) {
      const removed = await packs.emptyTrash(olderThanMs)
      sum.packs += removed.packs
      sum.bytes += removed.bytes
      await volume.keepBallast()
    }
    return sum
  }

  async trashBytes(): Promise<number> {
    let sum = 0
    for (const { packs } of this.#parts) sum += await packs.trashBytes()
    return sum
  }

  async *listPacks(): AsyncGenerator<PackPlace> {
    for (const { packs } of this.#parts) yield* packs.list()
  }

  async writeManifest(name: string, content: Buffer): Promise<void> {
    const known = await this.#find('manifests', name)
    if (known?.equals(content)) return
    if (known)
      throw new HoldfastError('store-write-failed', `manifest ${name} exists with other content`, {
        hint: 'Both were kept: the one in the store, and what was to be written was not. See the log.',
      })
    const part = this.#first()
    await part.manifests.write(name, content)
    const again = await part.manifests.read(name)
    if (!again?.equals(content))
      throw new HoldfastError('store-write-failed', `manifest ${name} reads back differently`)
  }

  async readManifest(name: string): Promise<Buffer> {
    const content = await this.#find('manifests', name)
    if (content) return content
    for (const { volume } of this.#parts) await volume.checkPresent()
    throw new HoldfastError('manifest-damaged', `manifest ${name} is gone`)
  }

  async removeManifest(name: string): Promise<void> {
    for (const { manifests } of this.#parts) await manifests.remove(name)
  }

  listManifests(): AsyncIterable<string> {
    return this.#list('manifests', '')
  }

  async writeDocument(name: string, content: Buffer): Promise<void> {
    let part = this.#first()
    for (const other of this.#parts) if (await other.documents.has(name)) part = other
    await part.volume.withBallast(() => part.documents.write(name, content))
  }

  readDocument(name: string): Promise<Buffer | undefined> {
    return this.#find('documents', name)
  }

  async removeDocument(name: string): Promise<void> {
    for (const { documents } of this.#parts) await documents.remove(name)
  }

  listDocuments(prefix: string): AsyncIterable<string> {
    return this.#list('documents', prefix)
  }

  async readMarker(): Promise<StoreMarker> {
    const { files } = this.#options
    let newest: StoreMarker | undefined
    for (const { volume } of this.#parts) {
      const { format, storeId, catalogId, generation } = await readVolumeMarker(files, volume.path)
      if (!newest || generation > newest.generation)
        newest = { format, storeId, catalogId, generation }
    }
    if (!newest) throw new RangeError('a store has at least one volume')
    return newest
  }

  async writeMarker(marker: StoreMarker): Promise<void> {
    const { catalogId, generation } = marker
    const { storeId } = this
    for (const { volume } of this.#parts) {
      const own = { format: STORE_FORMAT, storeId, catalogId, generation, volume: volume.uid }
      await writeVolumeMarker(this.#options.files, volume.path, own)
    }
  }

  async close(): Promise<void> {
    for (const { packs, volume } of this.#parts) {
      packs.close()
      await volume.release()
    }
  }

  #of(place: PackPlace): Part {
    const part = this.#parts.find(({ volume }) => volume.uid === place.volume)
    if (part) return part
    throw new HoldfastError('store-missing', `volume ${place.volume} is not among those given`, {
      hint: 'Start the server with every --store folder of this store.',
    })
  }

  #first(): Part {
    const [part] = this.#parts
    if (!part) throw new RangeError('a store has at least one volume')
    return part
  }

  async #find(kind: 'manifests' | 'documents', name: string): Promise<Buffer | undefined> {
    for (const part of this.#parts) {
      const content = await part[kind].read(name)
      if (content) return content
    }
    return undefined
  }

  async *#list(kind: 'manifests' | 'documents', prefix: string): AsyncGenerator<string> {
    const names = new Set<string>()
    for (const part of this.#parts)
      for await (const name of part[kind].list(prefix)) names.add(name)
    yield* [...names].sort()
  }
}

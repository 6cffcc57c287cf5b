import type { ChunkId, SegmentId } from '../../core/model/chunk-id.ts'

/**
 * Keeps packs, manifests and the marker, on local folders today and in buckets later. Obligations
 * of every implementation: names are write-once; when `seal`, `writeManifest`, `writeMarker` or
 * `writeDocument` resolve, the bytes and their names survive power loss; an error of a sync is
 * final for that file; a listing is for rebuilds only and never says what is garbage.
 */
export interface ChunkStore {
  readonly storeId: string
  volumes(): Promise<VolumeSpace[]>
  /** The volume with most room that is writable, or the named one. */
  createPack(announcement: PackAnnouncement): Promise<PackWriter>
  /** Bytes of one pack. Throws 'pack-damaged' when the file is short or gone. */
  readPack(place: PackPlace, offset: number, into: Buffer): Promise<void>
  packBytes(place: PackPlace): Promise<number>
  /** Reads a whole pack forward, from its own headers and footer. For verification and rebuilds. */
  scanPack(place: PackPlace): AsyncIterable<StoredRecord>
  moveToTrash(place: PackPlace): Promise<void>
  /** Unlinks what rests in the trash for longer than `olderThanMs`; returns its bytes. */
  emptyTrash(olderThanMs: number): Promise<{ packs: number; bytes: number }>
  trashBytes(): Promise<number>
  listPacks(): AsyncIterable<PackPlace>

  writeManifest(name: string, content: Buffer): Promise<void>
  readManifest(name: string): Promise<Buffer>
  removeManifest(name: string): Promise<void>
  listManifests(): AsyncIterable<string>
  /** Small documents that may be replaced whole: a point's attributes, tombstones, snapshots. */
  writeDocument(name: string, content: Buffer): Promise<void>
  readDocument(name: string): Promise<Buffer | undefined>
  listDocuments(prefix: string): AsyncIterable<string>

  readMarker(): Promise<StoreMarker>
  writeMarker(marker: StoreMarker): Promise<void>
}

export interface VolumeSpace {
  readonly uid: string
  readonly path: string
  readonly state: 'writable' | 'read-only' | 'offline'
  readonly totalBytes: number
  readonly freeBytes: number
}

/** What binds a store to its catalog; on every volume. */
export interface StoreMarker {
  readonly format: number
  readonly storeId: string
  readonly catalogId: string
  readonly generation: number
}

export interface PackPlace {
  readonly name: string
  /** Volume uid. */
  readonly volume: string
}

/** Written to the catalog before the file exists, so that orphans are known without listing. */
export interface PackAnnouncement extends PackPlace {
  readonly firstSegment: SegmentId
  readonly generation: number
}

export interface StoredRecord {
  readonly chunk: ChunkId
  readonly offset: number
  readonly storedLength: number
  readonly plainLength: number
  readonly codec: number
  readonly digest: Buffer
  /** The stored bytes, or what is wrong with the record. */
  readonly body: Buffer | { readonly damage: string }
}

/** Appends whole records (header and stored bytes, place and digest filled in) in the order given. */
export interface PackWriter {
  readonly place: PackPlace
  /** Bytes so far. */
  readonly bytes: number
  /** Room for one more record of `recordBytes`, and for its segment? */
  hasRoom(recordBytes: number): boolean
  /** Copies the record before it returns; await it: it is the back-pressure. Gives its offset. */
  append(record: Buffer): Promise<number>
  /** Footer, trailer, sync of the file, sync of its folder. */
  seal(): Promise<{ bytes: number }>
  abandon(): Promise<void>
}

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
  /** A further volume, in a folder that is absent or empty; its space counts from now on. */
  addVolume(folder: string): Promise<VolumeSpace>
  /**
   * The writable volume with most room; `preferred`, a path, as long as it takes a pack. Throws
   * 'store-full' when no volume takes a pack more.
   */
  chooseVolume(preferred?: string | null): Promise<string>
  /** On the volume that the announcement names. 'store-full' when that has no room. */
  createPack(announcement: PackAnnouncement): Promise<PackWriter>
  /** Fills `into` from one pack. Throws 'pack-damaged' when the file is short, gone or unreadable. */
  readPack(place: PackPlace, offset: number, into: Buffer): Promise<void>
  packBytes(place: PackPlace): Promise<number>
  /**
   * A whole pack forward, each record held against its CRC and the footer, or against its digest
   * where the footer is torn. Throws 'pack-damaged' after the last record when anything but record
   * bodies is not as it was written.
   */
  scanPack(place: PackPlace): AsyncIterable<StoredRecord>
  /** What a pack says of itself: its footer or, where that is torn, what walking its records finds. */
  readPackIndex(place: PackPlace): Promise<PackIndex>
  /** Out of the way, for an undo; no error when it is there or gone already. */
  moveToTrash(place: PackPlace): Promise<void>
  /** Back from the trash; false when it is not there any more. */
  takeFromTrash(place: PackPlace): Promise<boolean>
  /** Unlinks what rests in the trash for longer than `olderThanMs`; returns its bytes. */
  emptyTrash(olderThanMs: number): Promise<{ packs: number; bytes: number }>
  trashBytes(): Promise<number>
  listPacks(): AsyncIterable<PackPlace>

  /** Read again and compared before it resolves. The same content again is no error. */
  writeManifest(name: string, content: Buffer): Promise<void>
  readManifest(name: string): Promise<Buffer>
  removeManifest(name: string): Promise<void>
  listManifests(): AsyncIterable<string>
  /** Small documents that may be replaced whole: a point's attributes, tombstones, snapshots. */
  writeDocument(name: string, content: Buffer): Promise<void>
  readDocument(name: string): Promise<Buffer | undefined>
  removeDocument(name: string): Promise<void>
  /** Names that start with `prefix`, rising. */
  listDocuments(prefix: string): AsyncIterable<string>

  /** The highest generation that any volume carries. */
  readMarker(): Promise<StoreMarker>
  writeMarker(marker: StoreMarker): Promise<void>
  /** Gives the volumes free for another process. */
  close(): Promise<void>
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
  /** May use the reserve: what compaction writes frees more than it takes. */
  readonly fromReserve?: boolean
}

export interface StoredRecord {
  readonly chunk: ChunkId
  readonly offset: number
  readonly storedLength: number
  readonly plainLength: number
  readonly codec: number
  readonly digest: Buffer
  /** The stored bytes, valid until the next record is asked for, or what is wrong with the record. */
  readonly body: Buffer | { readonly damage: string }
}

export interface IndexedRecord extends Omit<StoredRecord, 'body'> {
  /** CRC-32 of the record's header as it was written: covers what the digest does not. */
  readonly headerCrc32: number
  /** What walking found wrong with its body; a footer says nothing of bodies. */
  readonly damage?: string
}

export interface PackIndex {
  readonly place: PackPlace
  readonly bytes: number
  readonly firstSegment: SegmentId
  readonly generation: number
  /** In file order. */
  readonly records: readonly IndexedRecord[]
  /** Why header, footer or trailer are not to be trusted; then `records` comes from walking. */
  readonly damage: string | undefined
}

/**
 * Appends whole records (header and stored bytes, place and digest filled in) in the order given.
 * After any error only `abandon` is left; what was appended counts as never written.
 */
export interface PackWriter {
  readonly place: PackPlace
  /** Bytes so far. */
  readonly bytes: number
  /** Room for one more record of `recordBytes`? At most 64 MiB and 64 × 1,024 records. */
  hasRoom(recordBytes: number): boolean
  /** Copies the record before it returns. Gives the offset of its header. */
  append(record: Buffer): number
  /** Back-pressure: await what it returns before the next `append`; undefined: go on at once. */
  drained(): Promise<void> | undefined
  /** Footer, trailer, sync of the file, sync of its folder. A failure abandons the pack. */
  seal(): Promise<{ bytes: number }>
  /** Gives up what is not sealed, and its file; harmless after `seal`. */
  abandon(): Promise<void>
}

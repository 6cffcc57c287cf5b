/*
 * What a reader of a guest's file system gives. Readers are read-only, work on random access with
 * few reads and in bounded memory, and believe nothing: every count, offset and link that comes from
 * the image is checked before it is used, loops end by visited sets. Wrong structures throw
 * `filesystem-damaged` (damaged.ts), what a reader cannot read `filesystem-unsupported`; nothing else
 * is thrown but what the ByteReader throws.
 */

import type { ByteReader } from './byte-reader.ts'

export type GuestType =
  'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'character-device' | 'block-device' | 'other'

/**
 * Names a file or folder within its file system, as long as that is open. Two names of the same file
 * (hard links) have the same id. Opaque to all but the reader that made it: callers may hand back
 * what another session of the same reader on the same bytes gave them.
 */
export type NodeId = string

export interface GuestEntry {
  /**
   * As the file system has it: any bytes but '/' and NUL, never empty, never '.' or '..' (a reader
   * refuses such names as damage). UTF-8 where the file system stores UTF-16.
   */
  readonly name: Buffer
  readonly type: GuestType
  readonly id: NodeId
  /** The name is what encryption left of it; the content cannot be read either. */
  readonly encrypted?: boolean
}

/** Nanoseconds since 1970 in UTC; null where the file system has no such time. */
export type GuestTime = bigint | null

export interface GuestStatus {
  readonly id: NodeId
  readonly type: GuestType
  /** Bytes of the content; of a link, of its target. 0 for what has neither. */
  readonly sizeBytes: number
  /** Permission, setuid, setgid and sticky bits (0o7777); null where there is no such thing. */
  readonly mode: number | null
  readonly owner: { readonly uid: number; readonly gid: number } | null
  /** Names that this file has. 1 where the file system cannot say. */
  readonly links: number
  readonly modifiedAt: GuestTime
  readonly accessedAt: GuestTime
  readonly changedAt: GuestTime
  readonly createdAt: GuestTime
  readonly device: { readonly major: number; readonly minor: number } | null
  readonly encrypted: boolean
}

/** Part of a file. Extents come in order and cover [0, sizeBytes) without gap or overlap. */
export interface GuestExtent {
  readonly offset: number
  readonly length: number
  /** Reads as zeros and takes no space; unwritten and unallocated alike. */
  readonly hole: boolean
  /** Offset on the file's disk of bytes that lie there as they are. */
  readonly place?: number
}

export interface GuestFile {
  readonly sizeBytes: number
  /** What the places of its extents are on. */
  readonly disk?: ByteReader
  /** From `offset` on. Neighbouring holes may come in pieces. */
  extents(offset?: number): AsyncIterable<GuestExtent>
  /**
   * Bytes at `offset`, holes as zeros. Exactly `length` of them, or those up to the end of the file;
   * at most MAX_READ_BYTES at once.
   */
  read(offset: number, length: number): Promise<Buffer>
}

export const MAX_READ_BYTES = 4 * 1024 * 1024

export interface GuestAttribute {
  /** With its namespace as Linux writes it: `user.comment`, `system.posix_acl_access`. */
  readonly name: Buffer
  readonly value: Buffer
}

export interface GuestStream {
  readonly name: Buffer
  readonly sizeBytes: number
}

export interface GuestFileSystem {
  /** `ext4`, `ntfs`, `fat32`, …: what people call it. */
  readonly kind: string
  readonly label: string
  readonly root: NodeId
  /** What a user has to know about what is read, such as a log that could not be replayed. */
  readonly warnings: readonly string[]
  /** Each name once, in the order of the file system, without '.' and '..'. Throws for other types. */
  list(folder: NodeId): AsyncIterable<GuestEntry>
  /** The entry of that name by the file system's own rules (FAT and NTFS know no case). */
  lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined>
  status(id: NodeId): Promise<GuestStatus>
  /** Regular files only; `stream` is one of `streams`. */
  open(id: NodeId, stream?: Buffer): Promise<GuestFile>
  readLink(id: NodeId): Promise<Buffer>
  attributes(id: NodeId): Promise<readonly GuestAttribute[]>
  /** Further contents beside the main one (alternate data streams). Left out where there are none. */
  streams?(id: NodeId): Promise<readonly GuestStream[]>
}

import { ATTRIBUTE, readReference } from '../record.ts'
import type { LogRecord } from './records.ts'

/** Where a record of the log wants to change something. */
export interface LogChange {
  readonly lsn: bigint
  readonly transaction: number
  /** The file whose structures it is about; undefined where that cannot be told. */
  readonly file: number | undefined
  /** Of an index of that file, the offset of the block. */
  readonly indexOffset: number | undefined
}

/** A transaction that is over: nothing of it has to be taken back. */
export interface LogEnd {
  readonly ended: number
}

const OPEN_ATTRIBUTE = 0x1c
const OPEN_ATTRIBUTES = 0x1d
const ENDS = new Set([0x1a, 0x1b])
/** About the log itself, transactions, or which clusters are in use: no file is read by that. */
const NOTHING_READ = new Set([0, 1, 0x0a, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1e, 0x1f, 0x20])
const FILE_TABLE = 0
const ALLOCATED = 0xffffffff
const TABLE_HEAD_BYTES = 24
const ENTRY_BYTES = 0x28
const ENTRY_32_BYTES = 0x2c

interface OpenAttribute {
  readonly file: number
  readonly type: number
}

/** Reads changes out of records, which name what they change by a table of what was open. */
export class LogChanges {
  readonly #clusterBytes: number
  readonly #recordBytes: number
  readonly #open = new Map<number, OpenAttribute>()
  /** What was open first at a place: holds for records that are older than the table in the log. */
  readonly #first = new Map<number, OpenAttribute>()

  constructor({ clusterBytes, recordBytes }: { clusterBytes: number; recordBytes: number }) {
    this.#clusterBytes = clusterBytes
    this.#recordBytes = recordBytes
  }

  /** To be done with all records before the first one is taken. */
  look({ data, isRestart }: LogRecord): void {
    if (isRestart || data.length < 32) return
    for (const [at, open] of this.#openedBy(data))
      if (!this.#first.has(at)) this.#first.set(at, open)
  }

  take({ lsn, data, isRestart, transaction }: LogRecord): LogChange | LogEnd | undefined {
    if (isRestart || data.length < 32) return undefined
    for (const [at, open] of this.#openedBy(data)) this.#open.set(at, open)
    const redo = data.readUInt16LE(0)
    if (ENDS.has(redo)) return { ended: transaction }
    if (redo === OPEN_ATTRIBUTE || redo === OPEN_ATTRIBUTES || NOTHING_READ.has(redo))
      return undefined
    return { lsn, transaction, ...this.#target(data) }
  }

  #target(data: Buffer): Pick<LogChange, 'file' | 'indexOffset'> {
    const target = data.readUInt16LE(12)
    const open = this.#open.get(target) ?? this.#first.get(target)
    const cluster = Number(data.readBigUInt64LE(24))
    const offset = cluster * this.#clusterBytes + data.readUInt16LE(20) * 512
    if (!open) return { file: undefined, indexOffset: undefined }
    if (open.file === FILE_TABLE && open.type === ATTRIBUTE.data)
      return { file: Math.floor(offset / this.#recordBytes), indexOffset: undefined }
    const isIndex = open.type === ATTRIBUTE.indexAllocation
    return { file: open.file, indexOffset: isIndex ? offset : undefined }
  }

  *#openedBy(data: Buffer): Generator<[at: number, open: OpenAttribute]> {
    const redo = data.readUInt16LE(0)
    const from = data.readUInt16LE(4)
    const bytes = data.subarray(from, from + data.readUInt16LE(6))
    const open = redo === OPEN_ATTRIBUTE ? openAttribute(bytes) : undefined
    if (open) yield [data.readUInt16LE(12), open]
    if (redo === OPEN_ATTRIBUTES) yield* openAttributes(bytes)
  }
}

/** At a checkpoint all that is open is written, at the places that it is named by. */
function* openAttributes(table: Buffer): Generator<[at: number, open: OpenAttribute]> {
  const size = table.length < TABLE_HEAD_BYTES ? 0 : table.readUInt16LE(0)
  if (size < ENTRY_BYTES) return
  for (let at = TABLE_HEAD_BYTES; at + size <= table.length; at += size) {
    if (table.readUInt32LE(at) !== ALLOCATED) continue
    const open = openAttribute(table.subarray(at, at + size))
    if (open) yield [at, open]
  }
}

/** Written by 32-bit code, entries have another order. */
function openAttribute(entry: Buffer): OpenAttribute | undefined {
  if (entry.length >= ENTRY_32_BYTES)
    return { file: readReference(entry, 8).record, type: entry.readUInt32LE(28) }
  if (entry.length < ENTRY_BYTES) return undefined
  return { file: readReference(entry, 16).record, type: entry.readUInt32LE(8) }
}

import { damaged } from '../../damaged.ts'
import type { RecordHead } from './record.ts'

/** One thing that a transaction changes: how, and the bytes, as the kernel gathered them. */
export interface LogItem {
  readonly type: number
  readonly regions: readonly Buffer[]
}

export interface Transaction {
  /** Of the record that it begins in: how old what it writes is. */
  readonly lsn: bigint
  readonly items: readonly LogItem[]
}

const OPERATION_BYTES = 12
const START = 0x01
const COMMIT = 0x02
const CONTINUES = 0x04
const CONTINUED = 0x08
const ENDS = 0x10
const UNMOUNT = 0x20
const TRANSACTION_CLIENT = 0x69
const LOG_CLIENT = 0xaa

const HEAD_BYTES = 16
const HEAD_MAGIC = 0x5452414e
const MAX_REGIONS = 257
/** Of all transactions that are not complete yet: more than the kernel lets them be. */
const MAX_OPEN_BYTES = 128 * 1024 * 1024
const MAX_OPEN = 4096

interface OpenItem {
  readonly total: number
  readonly regions: Buffer[]
}

class OpenTransaction {
  readonly lsn: bigint
  readonly #items: OpenItem[] = []
  #head: Buffer = Buffer.alloc(0)
  bytes = 0

  constructor(lsn: bigint) {
    this.lsn = lsn
  }

  add(bytes: Buffer): void {
    this.bytes += bytes.length
    if (this.#head.length < HEAD_BYTES) return this.#addHead(bytes)
    const last = this.#items.at(-1)
    if (last && last.regions.length < last.total) last.regions.push(bytes)
    else this.#items.push({ total: regionsOf(bytes), regions: [bytes] })
  }

  /** What did not fit into the record before. */
  extend(bytes: Buffer): void {
    this.bytes += bytes.length
    const item = this.#items.at(-1)
    const last = item?.regions.pop()
    if (!item || !last) return this.#addHead(bytes)
    item.regions.push(Buffer.concat([last, bytes]))
  }

  commit(): Transaction {
    const items = this.#items.map(({ total, regions }) => {
      const [format] = regions
      if (!format || regions.length < total)
        throw damaged('xfs: the log has a transaction that lacks something')
      return { type: format.readUInt16LE(0), regions }
    })
    return { lsn: this.lsn, items }
  }

  #addHead(bytes: Buffer): void {
    this.#head = Buffer.concat([this.#head, bytes])
    if (this.#head.length < HEAD_BYTES) return
    if (this.#head.length > HEAD_BYTES || this.#head.readUInt32LE(0) !== HEAD_MAGIC)
      throw damaged('xfs: the log has a transaction with a broken head')
  }
}

/** The first region of an item says what it is and in how many regions it comes. */
function regionsOf(format: Buffer): number {
  const total = format.length < 4 ? 0 : format.readUInt16LE(2)
  if (total < 1 || total > MAX_REGIONS)
    throw damaged(`xfs: the log has an item of ${total} regions`)
  return total
}

/** Puts transactions together whose pieces are mixed and spread over records. */
export class Transactions {
  #bytes = 0
  readonly #open = new Map<number, OpenTransaction>()

  /** Those that are complete with this record, in order. */
  take({ lsn, operations }: RecordHead, data: Buffer): Transaction[] {
    const complete: Transaction[] = []
    let at = 0
    for (let left = operations; left > 0; left--) {
      const end = at + OPERATION_BYTES
      if (end > data.length) throw damaged('xfs: the log has a record that is too short')
      const length = data.readUInt32BE(at + 4)
      const client = data.readUInt8(at + 8)
      if ((client !== TRANSACTION_CLIENT && client !== LOG_CLIENT) || end + length > data.length)
        throw damaged('xfs: the log has a broken operation')
      const done = this.#operation(lsn, data.subarray(at, end), data.subarray(end, end + length))
      if (done) complete.push(done)
      at = end + length
    }
    return complete
  }

  #operation(lsn: bigint, head: Buffer, bytes: Buffer): Transaction | undefined {
    const id = head.readUInt32BE(0)
    const flags = head.readUInt8(9)
    const open = this.#open.get(id)
    if (flags & (START | COMMIT | UNMOUNT)) {
      this.#open.delete(id)
      this.#bytes -= open?.bytes ?? 0
      if (flags & START) this.#open.set(id, new OpenTransaction(lsn))
      return flags & COMMIT ? open?.commit() : undefined
    }
    // Its beginning lies before the tail: what it changes has come to its place.
    if (!open) return undefined
    if (flags & ~(CONTINUES | CONTINUED | ENDS))
      throw damaged('xfs: the log has an operation of an unknown kind')
    // A copy: a few bytes kept must not keep the whole record.
    if (flags & CONTINUED) open.extend(Buffer.from(bytes))
    else if (bytes.length > 0) open.add(Buffer.from(bytes))
    this.#bytes += bytes.length
    if (this.#bytes > MAX_OPEN_BYTES || this.#open.size > MAX_OPEN)
      throw damaged('xfs: the log has more open transactions than there can be')
    return undefined
  }
}

import { HoldfastError } from '../../../model/error.ts'
import { damaged } from '../../damaged.ts'
import type { GuestFile } from '../../file-system.ts'
import { fixedUp } from '../fixup.ts'
import type { LogShape } from './restart.ts'

/** One record of the log. What it holds is its user's: NTFS itself is the only one. */
export interface LogRecord {
  readonly lsn: bigint
  readonly transaction: number
  /** Of the restart of the user, instead of a change. */
  readonly isRestart: boolean
  readonly data: Buffer
}

const MAX_DATA_BYTES = 2 ** 20
const RESTART = 2

/** From a record on, each one that follows, as long as each is the one that is due. */
export class LogRecords {
  readonly #log: GuestFile
  readonly #shape: LogShape
  /** Pages whose newest state is in a copy, by number. */
  #copies: ReadonlyMap<number, Buffer> = new Map()
  #page: { readonly number: number; readonly bytes: Buffer } | undefined

  constructor(log: GuestFile, shape: LogShape) {
    this.#log = log
    this.#shape = shape
  }

  async *from(oldest: bigint): AsyncGenerator<LogRecord> {
    const { placeBits, fileBytes, firstPage, pageBytes } = this.#shape
    this.#copies = await this.#readCopies()
    let round = oldest >> placeBits
    let at = Number((oldest & ((1n << placeBits) - 1n)) * 8n)
    if (at < firstPage * pageBytes) throw damaged('ntfs: the log begins in the wrong place')
    // Once round at most.
    for (let left = fileBytes; left > 0;) {
      const lsn = (round << placeBits) | BigInt(at / 8)
      const found = await this.#record(at, lsn)
      if (!found && lsn === oldest) throw damaged('ntfs: the log lacks what it says to begin with')
      if (!found) return
      yield found.record
      left -= found.bytes
      if (found.next < at) round++
      at = found.next
    }
  }

  /** Undefined where the log ends: what lies there is of an earlier round, or was cut off. */
  async #record(at: number, lsn: bigint) {
    const head = await this.#bytes(at, this.#shape.headBytes)
    if (!head || head.content.readBigUInt64LE(0) !== lsn) return undefined
    const length = head.content.readUInt32LE(24)
    if (length > MAX_DATA_BYTES) return undefined
    const data = await this.#bytes(head.next, length)
    if (!data) return undefined
    const record: LogRecord = {
      lsn,
      transaction: head.content.readUInt32LE(36),
      isRestart: head.content.readUInt32LE(32) === RESTART,
      data: data.content,
    }
    return { record, next: this.#aligned(data.next), bytes: this.#shape.headBytes + length }
  }

  /** Records go on in the next page where one ends; no head begins where none has room. */
  #aligned(at: number): number {
    const { pageBytes, headBytes } = this.#shape
    const next = Math.ceil(at / 8) * 8
    const within = next % pageBytes
    const hasRoom = within !== 0 && within + headBytes <= pageBytes
    return hasRoom ? next : this.#start(Math.ceil(next / pageBytes))
  }

  #start(page: number): number {
    const { fileBytes, pageBytes, firstPage, dataOffset } = this.#shape
    const isInside = (page + 1) * pageBytes <= fileBytes
    return (isInside ? page : firstPage) * pageBytes + dataOffset
  }

  async #bytes(from: number, length: number) {
    const { pageBytes } = this.#shape
    const content = Buffer.alloc(length)
    let at = from
    for (let done = 0; done < length;) {
      if (at % pageBytes === 0) at = this.#start(at / pageBytes)
      const page = await this.#read(Math.floor(at / pageBytes))
      if (!page) return undefined
      const count = page.copy(content, done, at % pageBytes)
      done += count
      at += count
    }
    return { content, next: at }
  }

  async #read(number: number): Promise<Buffer | undefined> {
    if (this.#page?.number === number) return this.#page.bytes
    const home = await this.#pageAt(number)
    const copy = this.#copies.get(number)
    const bytes = copy && (!home || endOf(copy) > endOf(home)) ? copy : home
    if (bytes) this.#page = { number, bytes }
    return bytes
  }

  /** The page being filled is written to a copy first, and to its place when it is full. */
  async #readCopies(): Promise<ReadonlyMap<number, Buffer>> {
    const { firstPage, pageBytes } = this.#shape
    const copies = new Map<number, Buffer>()
    for (let number = 2; number < firstPage; number++) {
      const page = await this.#pageAt(number)
      const home = page ? Number(page.readBigUInt64LE(8)) / pageBytes : 0
      if (!page || !Number.isInteger(home) || home < firstPage) continue
      const known = copies.get(home)
      if (!known || endOf(page) > endOf(known)) copies.set(home, page)
    }
    return copies
  }

  async #pageAt(number: number): Promise<Buffer | undefined> {
    const { pageBytes } = this.#shape
    const raw = await this.#log.read(number * pageBytes, pageBytes)
    try {
      return fixedUp(raw, 'RCRD', 'ntfs: the log')
    } catch (error) {
      if (error instanceof HoldfastError || error instanceof RangeError) return undefined
      throw error
    }
  }
}

function endOf(page: Buffer): bigint {
  return page.readBigUInt64LE(32)
}

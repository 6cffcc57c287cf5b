const PAGE = 4096
const DATA = 64
const HEAD = 48
const FIRST = 4
const PLACE_BITS = 15n
export const LOG_BYTES = 64 * PAGE

export interface WrittenRecord {
  readonly transaction: number
  readonly redo: number
  readonly target?: number
  readonly cluster?: number
  /** Within the cluster, in units of 512 bytes. */
  readonly sector?: number
  readonly bytes?: Buffer
}

/** A $LogFile as Windows lays it out: two restart pages, copies of pages, pages of records. */
export class NtfsLog {
  readonly bytes = Buffer.alloc(LOG_BYTES, 0xff)
  readonly #pages = new Map<number, Buffer>()
  readonly first: bigint
  #at: number
  #round = 5n

  constructor(firstPage = FIRST) {
    this.#at = firstPage * PAGE + DATA
    this.first = this.#lsn()
  }

  /** Gives the record's number. */
  write({ transaction, redo, target = 0, cluster = 0, sector = 0, bytes }: WrittenRecord): bigint {
    const lsn = this.#lsn()
    const content = bytes ?? Buffer.from('changed!')
    const data = Buffer.alloc(40 + Math.ceil(content.length / 8) * 8)
    data.writeUInt16LE(redo, 0)
    data.writeUInt16LE(40, 4)
    data.writeUInt16LE(content.length, 6)
    data.writeUInt16LE(target, 12)
    data.writeUInt16LE(1, 14)
    data.writeUInt16LE(sector, 20)
    data.writeBigUInt64LE(BigInt(cluster), 24)
    content.copy(data, 40)
    const head = Buffer.alloc(HEAD)
    head.writeBigUInt64LE(lsn, 0)
    head.writeUInt32LE(data.length, 24)
    head.writeUInt32LE(1, 32)
    head.writeUInt32LE(transaction, 36)
    this.#put(Buffer.concat([head, data]), lsn)
    if ((this.#at % PAGE) + HEAD > PAGE || this.#at % PAGE === 0) this.#nextPage()
    return lsn
  }

  /** `copied`: the last page is only in its copy, as when the guest had not filled it. */
  finish({ copied = false, isClean = false } = {}): Buffer {
    const last = Math.max(...this.#pages.keys())
    for (const [number, page] of this.#pages) {
      const isCopy = copied && number === last
      page.writeBigUInt64LE(BigInt(isCopy ? number * PAGE : 0), 8)
      protect(page).copy(this.bytes, (isCopy ? 2 : number) * PAGE)
    }
    for (const number of [0, 1]) this.#restart(number, isClean).copy(this.bytes, number * PAGE)
    return this.bytes
  }

  #lsn(): bigint {
    return (this.#round << PLACE_BITS) | BigInt(this.#at / 8)
  }

  #put(bytes: Buffer, lsn: bigint): void {
    for (let done = 0; done < bytes.length;) {
      if (this.#at % PAGE === 0) this.#nextPage()
      const page = this.#page(Math.floor(this.#at / PAGE))
      const count = bytes.copy(page, this.#at % PAGE, done)
      page.writeBigUInt64LE(lsn, 32)
      done += count
      this.#at += count
    }
  }

  #nextPage(): void {
    const next = Math.ceil(this.#at / PAGE)
    const isInside = next < LOG_BYTES / PAGE
    if (!isInside) this.#round++
    this.#at = (isInside ? next : FIRST) * PAGE + DATA
  }

  #page(number: number): Buffer {
    const known = this.#pages.get(number) ?? Buffer.alloc(PAGE)
    known.write('RCRD')
    known.writeUInt16LE(40, 4)
    known.writeUInt16LE(9, 6)
    this.#pages.set(number, known)
    return known
  }

  #restart(number: number, isClean: boolean): Buffer {
    const page = Buffer.alloc(PAGE)
    page.write('RSTR')
    page.writeUInt16LE(30, 4)
    page.writeUInt16LE(9, 6)
    page.writeUInt32LE(PAGE, 16)
    page.writeUInt32LE(PAGE, 20)
    page.writeUInt16LE(56, 24)
    page.writeInt16LE(1, 26)
    page.writeInt16LE(1, 28)
    const area = page.subarray(56)
    area.writeBigUInt64LE(this.#lsn() + BigInt(number), 0)
    area.writeUInt16LE(1, 8)
    area.writeUInt16LE(0, 12)
    area.writeUInt16LE(isClean ? 2 : 0, 14)
    area.writeUInt32LE(64 - Number(PLACE_BITS), 16)
    area.writeUInt16LE(64, 22)
    area.writeBigUInt64LE(BigInt(LOG_BYTES), 24)
    area.writeUInt16LE(HEAD, 36)
    area.writeUInt16LE(DATA, 38)
    area.writeBigUInt64LE(this.first, 64)
    return protect(page)
  }
}

/** The last two bytes of each sector give way to a number. */
function protect(page: Buffer): Buffer {
  const done = Buffer.from(page)
  const array = page.readUInt16LE(4)
  done.writeUInt16LE(7, array)
  for (let index = 1; index <= PAGE / 512; index++) {
    done.writeUInt16LE(page.readUInt16LE(index * 512 - 2), array + index * 2)
    done.writeUInt16LE(7, index * 512 - 2)
  }
  return done
}

/** What is open, as 32-bit code writes it: [file, type of attribute], named by the entry's place. */
export function openTable(open: readonly (readonly [file: number, type: number])[]): Buffer {
  const table = Buffer.alloc(24 + open.length * 0x2c)
  table.writeUInt16LE(0x2c, 0)
  table.writeUInt16LE(open.length, 2)
  for (const [index, [file, type]] of open.entries()) {
    const entry = table.subarray(24 + index * 0x2c)
    entry.writeUInt32LE(0xffffffff, 0)
    entry.writeUInt32LE(file, 8)
    entry.writeUInt16LE(1, 14)
    entry.writeUInt32LE(type, 28)
  }
  return table
}

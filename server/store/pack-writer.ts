import { dirname } from 'node:path'
import { RECORD_HEADER_BYTES, RECORD_OFFSETS } from '../../core/chunk/record.ts'
import { DIRECT_UNIT } from '../../core/runtime/aligned-memory.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import {
  removeIfThere,
  writeAll,
  type FileSystem,
  type OpenFile,
} from '../../core/runtime/file-system.ts'
import type { PackAnnouncement, PackPlace, PackWriter } from './chunk-store.ts'
import {
  encodePackHeader,
  encodeTrailer,
  MAX_PACK_BYTES,
  MAX_PACK_RECORDS,
  PACK_ENTRY_BYTES,
  PACK_FORMAT,
  PACK_TRAILER_BYTES,
  writeEntry,
} from './pack-format.ts'
import { STAGING_BYTES, type StagingPool } from './staging.ts'
import { writeFailed } from './store-error.ts'

const FIRST_FOOTER_BYTES = 2 * 1024

export interface PackFile {
  readonly files: FileSystem
  readonly file: OpenFile
  readonly path: string
  readonly direct: boolean
  readonly pool: StagingPool
}

/** Creates the file and opens it past the page cache where the file system lets us. */
export async function createPackFile(
  files: FileSystem,
  path: string,
  direct: boolean,
): Promise<OpenFile> {
  const created = await files.open(path, 'create')
  try {
    await failpoint('pack.after-create')
    if (!direct) return created
  } catch (error) {
    await created.close()
    throw error
  }
  // Opened a second time: a refused O_DIRECT may or may not leave the created file behind.
  await created.close()
  return files.open(path, 'write-direct')
}

/**
 * Records are copied into aligned staging buffers; full ones are written while the next one fills.
 * Any error of a write or a sync is final: every later call throws it, and only `abandon` is left.
 */
export class LocalPackWriter implements PackWriter {
  readonly place: PackPlace
  readonly #to: PackFile
  readonly #header: Buffer
  readonly #onEnd: () => void
  readonly #leave: () => void
  #footer = Buffer.allocUnsafe(FIRST_FOOTER_BYTES)
  #records = 0
  #bytes = 0
  #staging: Buffer
  #filled = 0
  #stagingAt = 0
  #inFlight = 0
  #waiting: (() => void)[] = []
  #failure: Error | undefined
  #ended = false

  /** `onEnd` is called once, when the file is closed. */
  constructor(to: PackFile, storeId: string, announced: PackAnnouncement, onEnd: () => void) {
    const { name, volume, firstSegment, generation } = announced
    this.place = { name, volume }
    this.#to = to
    this.#onEnd = onEnd
    this.#staging = to.pool.take()
    this.#leave = to.pool.flights.join()
    const header = { format: PACK_FORMAT, storeId, name, firstSegment, generation }
    this.#header = encodePackHeader(header)
    this.#stage(this.#header)
  }

  get bytes(): number {
    return this.#bytes
  }

  hasRoom(recordBytes: number): boolean {
    const closing = (this.#records + 1) * PACK_ENTRY_BYTES + PACK_TRAILER_BYTES
    return this.#records < MAX_PACK_RECORDS && this.#bytes + recordBytes + closing <= MAX_PACK_BYTES
  }

  append(record: Buffer): number {
    this.#check()
    const offset = this.#bytes
    const stored = record.readUInt32LE(RECORD_OFFSETS.storedLength)
    if (record.length !== RECORD_HEADER_BYTES + stored || !this.hasRoom(record.length))
      throw new RangeError(`record of ${record.length} bytes does not fit pack ${this.place.name}`)
    this.#growFooter()
    writeEntry(this.#footer, this.#records * PACK_ENTRY_BYTES, record, offset)
    this.#records++
    this.#stage(record)
    return offset
  }

  drained(): Promise<void> | undefined {
    this.#check()
    const most = this.#to.pool.flights.each
    if (this.#inFlight < most) return undefined
    return this.#until(most - 1)
  }

  async seal(): Promise<{ bytes: number }> {
    this.#check()
    const footer = this.#footer.subarray(0, this.#records * PACK_ENTRY_BYTES)
    const footerOffset = this.#bytes
    this.#stage(footer)
    this.#stage(encodeTrailer(this.#header, footer, footerOffset))
    try {
      await this.#writeTail()
      await failpoint('pack.before-sync')
      await this.#to.file.datasync()
      await failpoint('pack.after-sync')
      await this.#to.files.syncFolder(dirname(this.#to.path))
      await failpoint('pack.after-folder-sync')
    } catch (error) {
      const failure = this.#fail(error)
      await this.abandon().catch(() => {}) // the first error counts
      throw failure
    }
    await this.#end()
    return { bytes: this.#bytes }
  }

  async abandon(): Promise<void> {
    if (this.#ended) return
    this.#failure ??= writeFailed(this.#name(), new Error('abandoned'))
    await this.#settled()
    await this.#end()
    await removeIfThere(this.#to.files, this.#to.path)
  }

  #name(): string {
    return `writing pack ${this.place.name}`
  }

  #check(): void {
    if (this.#failure) throw this.#failure
    if (this.#ended) throw new Error(`pack ${this.place.name} is sealed`)
  }

  #fail(error: unknown): Error {
    this.#failure ??= writeFailed(this.#name(), error)
    return this.#failure
  }

  #growFooter(): void {
    if ((this.#records + 1) * PACK_ENTRY_BYTES <= this.#footer.length) return
    const larger = Buffer.allocUnsafe(this.#footer.length * 2)
    this.#footer.copy(larger)
    this.#footer = larger
  }

  #stage(data: Buffer): void {
    this.#bytes += data.length
    let done = 0
    while (done < data.length) {
      const copied = data.copy(this.#staging, this.#filled, done)
      done += copied
      this.#filled += copied
      if (this.#filled === STAGING_BYTES) this.#flush(STAGING_BYTES)
    }
  }

  /** Sends the staging buffer on its way and takes a fresh one. */
  #flush(length: number): void {
    const { pool, file, direct } = this.#to
    const buffer = this.#staging
    const position = this.#stagingAt
    this.#staging = pool.take()
    this.#stagingAt += length
    this.#filled = 0
    this.#inFlight++
    writeAll(file, buffer.subarray(0, length), position, direct ? DIRECT_UNIT : 1)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        pool.give(buffer)
        this.#inFlight--
        for (const wake of this.#waiting.splice(0)) wake()
      })
      .catch(() => {}) // unreachable: both steps above do not throw
  }

  /** The rest, padded to what a direct write needs, then cut to the true length. */
  async #writeTail(): Promise<void> {
    const padded = Math.ceil(this.#filled / DIRECT_UNIT) * DIRECT_UNIT
    this.#staging.fill(0, this.#filled, padded)
    if (padded > 0) this.#flush(padded)
    await this.#until(0)
    await this.#to.file.truncate(this.#bytes)
  }

  async #until(inFlight: number): Promise<void> {
    while (this.#inFlight > inFlight)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#check()
  }

  async #settled(): Promise<void> {
    while (this.#inFlight > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async #end(): Promise<void> {
    this.#ended = true
    this.#leave()
    this.#to.pool.give(this.#staging)
    this.#onEnd()
    await this.#to.file.close()
  }
}

import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { HoldfastError } from '../model/error.ts'
import { requireSafePath } from '../model/safe-path.ts'
import type { ByteOutput, FileHead, FileSink } from './file-sink.ts'
import { Spill } from './spill.ts'
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  localHeader,
  type Sums,
  type ZipEntry,
} from './zip-format.ts'

const deflate = promisify(deflateRaw) as (
  bytes: Buffer,
  options: { level: number; finishFlush: number; chunkSize: number },
) => Promise<Buffer>

/** Ends a run of pieces that were each flushed: an empty last block. */
const END_OF_DEFLATE = Buffer.from([0x03, 0x00])
const ZEROS = Buffer.alloc(1024 * 1024)
/** Deflated bytes may be a few more than plain ones. */
const LARGE = 0xfff00000

interface Open {
  readonly entry: ZipEntry
  crc: number
  packedBytes: number
  plainBytes: number
  /** Of the compression. */
  level: number
}

const WORTHWHILE = 0.97
const TRIED_BYTES = 64 * 1024

/**
 * A zip, as a stream: sizes and checksums follow the content, zip64 where they need it. An entry that
 * is not whole is left out of the directory at its end, so that nobody finds it.
 */
export class ZipSink implements FileSink {
  readonly #output: ByteOutput
  readonly #directory = new Spill()
  #entries = 0
  #at = 0
  #open: Open | undefined
  #packedZeros: Promise<Buffer> | undefined
  #attributes = 0

  constructor(output: ByteOutput) {
    this.#output = output
  }

  get warnings(): string[] {
    if (this.#attributes === 0) return []
    return [
      `extended attributes, access lists and streams of ${this.#attributes} files were not written: --archive tar keeps them`,
    ]
  }

  async begin(head: FileHead): Promise<void> {
    requireSafePath(head.path)
    if (head.path.length === 0) return // the root of a file system has no name in a zip
    if (!HELD.has(head.type))
      throw new HoldfastError('format-cannot-hold', `a zip cannot hold a ${head.type}`, {
        hint: '--archive tar can hold devices and pipes.',
      })
    if (head.path.length > MAX_NAME)
      throw new HoldfastError('format-cannot-hold', 'a zip cannot hold a path that long')
    if (head.attributes.length > 0) this.#attributes++
    if (head.type === 'file') return this.#beginFile(head)
    await this.#small(head, head.type === 'link' ? (head.target ?? Buffer.alloc(0)) : undefined)
  }

  async data(bytes: Buffer): Promise<void> {
    const open = this.#open
    if (!open) return
    open.crc = crc32(bytes, open.crc)
    open.plainBytes += bytes.length
    const packed = await pack(bytes, open.level)
    // What does not get smaller is not tried again in this file.
    if (packed.length > bytes.length * WORTHWHILE && bytes.length >= TRIED_BYTES) open.level = 0
    await this.#packed(open, packed)
  }

  async hole(length: number): Promise<void> {
    const open = this.#open
    if (!open) return
    for (let left = length; left > 0; left -= ZEROS.length) {
      if (left < ZEROS.length) return this.data(ZEROS.subarray(0, left))
      open.crc = crc32(ZEROS, open.crc)
      open.plainBytes += ZEROS.length
      await this.#packed(open, await (this.#packedZeros ??= pack(ZEROS)))
    }
  }

  async end(isWhole: boolean): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (!open) return
    await this.#packed(open, END_OF_DEFLATE)
    await this.#write(dataDescriptor(open.entry, open))
    const { crc, packedBytes, plainBytes } = open
    if (isWhole) await this.#list(open.entry, { crc, packedBytes, plainBytes })
  }

  async finish(): Promise<void> {
    const { length } = this.#directory
    const start = this.#at
    for await (const bytes of this.#directory.read()) await this.#write(bytes)
    await this.#write(endRecords(this.#entries, start, length))
    await this.#directory.close()
    await this.#output.close()
  }

  async abandon(): Promise<void> {
    await this.#directory.close()
    await this.#output.abandon()
  }

  async #beginFile(head: FileHead): Promise<void> {
    const isLarge = head.sizeBytes >= LARGE
    const entry = { name: head.path, head, isStreamed: true, isLarge, offset: this.#at }
    this.#open = { entry, crc: 0, packedBytes: 0, plainBytes: 0, level: 1 }
    await this.#write(localHeader(entry))
  }

  /** A folder, or a link, whose content is where it leads. */
  async #small(head: FileHead, content: Buffer = Buffer.alloc(0)): Promise<void> {
    const name = head.type === 'folder' ? Buffer.concat([head.path, SLASH]) : head.path
    const entry = { name, head, isStreamed: false, isLarge: false, offset: this.#at }
    const sums = { crc: crc32(content), packedBytes: content.length, plainBytes: content.length }
    await this.#write(localHeader(entry, sums))
    await this.#write(content)
    await this.#list(entry, sums)
  }

  async #list(entry: ZipEntry, sums: Sums): Promise<void> {
    this.#entries++
    await this.#directory.add(centralHeader(entry, sums))
  }

  async #packed(open: Open, bytes: Buffer): Promise<void> {
    open.packedBytes += bytes.length
    await this.#write(bytes)
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#at += bytes.length
    if (bytes.length > 0) await this.#output.write(bytes)
  }
}

const SLASH = Buffer.from('/')
const MAX_NAME = 0xfff0
const HELD = new Set(['file', 'folder', 'link'])

/** Each piece for itself, on a thread: whole bytes, and no more memory than the piece. */
function pack(bytes: Buffer, level = 1): Promise<Buffer> {
  const { Z_SYNC_FLUSH } = constants
  return deflate(bytes, { level, finishFlush: Z_SYNC_FLUSH, chunkSize: bytes.length + 4096 })
}

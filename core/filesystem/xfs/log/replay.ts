import type { ByteReader } from '../../byte-reader.ts'
import { damaged } from '../../damaged.ts'
import { PatchedDisk } from '../../patched-disk.ts'
import type { XfsVolume } from '../volume.ts'
import { CANCEL, isRead, parseBufferItem, type BufferItem } from './buffer-item.ts'
import { Cancelled } from './cancelled.ts'
import { findSpan, type LogSpan } from './head.ts'
import { applyInodeItem, parseInodeItem } from './inode-item.ts'
import { Intents } from './intents.ts'
import { newInodeBlock, parseNewInodes } from './new-inodes.ts'
import { parseHead, readRecord } from './record.ts'
import { LogRing } from './ring.ts'
import { lsnOf, stamp } from './stamps.ts'
import { Transactions, type LogItem, type Transaction } from './transactions.ts'

/*
 * What the kernel does when it mounts after a crash, without writing:
 * 1. Walk the records from the tail to the head and put the transactions together.
 * 2. Note which blocks were freed: what was written to them before does not count.
 * 3. Apply each transaction: first new inodes and blocks, then inodes. What says itself to be as young
 *    as the transaction, is left. Version 4 does not say it and takes everything.
 */

const TYPE = { inode: 0x123b, buffer: 0x123c, newInodes: 0x123f } as const
const FIRST_TYPE = 0x1236
const LAST_TYPE = 0x124f
/** Of the blocks that are held; each at most once, and only of kinds that are read. */
const MOST_HELD_BYTES = 160 * 1024 * 1024

export interface Replayed {
  readonly disk: ByteReader
  readonly warnings: readonly string[]
}

/** The disk as it will be when the guest has recovered. */
export async function replayLog(volume: XfsVolume): Promise<Replayed> {
  const ring = new LogRing(volume)
  const span = await findSpan(ring)
  if (!span || span.isClean) return { disk: volume.disk, warnings: [] }
  const replay = new Replay(volume, await cancelledIn(ring, span))
  for await (const transaction of transactionsOf(ring, span)) await replay.take(transaction)
  await replay.finish()
  return { disk: replay.disk, warnings: replay.intents.warnings() }
}

async function* transactionsOf(
  ring: LogRing,
  { tail, head }: LogSpan,
): AsyncGenerator<Transaction> {
  const transactions = new Transactions()
  let left = ring.wrap(head - tail)
  for (let sector = tail; left > 0;) {
    const record = parseHead(await ring.read(sector), sector)
    left -= record.sectors
    if (left < 0) throw damaged('xfs: the records of the log do not end where it does')
    const data = await readRecord(ring, record)
    if (!data) throw damaged(`xfs: the log has a damaged record in sector ${sector} (checksum)`)
    yield* transactions.take(record, data)
    sector = ring.wrap(sector + record.sectors)
  }
}

async function cancelledIn(ring: LogRing, span: LogSpan): Promise<Cancelled> {
  const cancelled = new Cancelled()
  for await (const { items } of transactionsOf(ring, span))
    for (const item of items) {
      if (item.type !== TYPE.buffer) continue
      const { flags, sector, sectors } = parseBufferItem(item)
      if (flags & CANCEL) cancelled.mark(sector, sectors)
    }
  return cancelled
}

class Replay {
  readonly disk: PatchedDisk
  readonly intents = new Intents()
  readonly #volume: XfsVolume
  readonly #cancelled: Cancelled
  /** Blocks that were written since the age last changed: where, and how long. */
  #written = new Map<number, number>()
  #lsn = 0n

  constructor(volume: XfsVolume, cancelled: Cancelled) {
    const { blockBytes } = volume.geometry
    this.disk = new PatchedDisk(volume.disk, blockBytes, MOST_HELD_BYTES)
    this.#volume = volume
    this.#cancelled = cancelled
  }

  async take({ lsn, items }: Transaction): Promise<void> {
    // Transactions of one age do not hide each other: what they wrote is marked with it later.
    if (lsn !== this.#lsn) await this.finish()
    this.#lsn = lsn
    const buffers: BufferItem[] = []
    for (const item of items) {
      if (item.type < FIRST_TYPE || item.type > LAST_TYPE)
        throw damaged(`xfs: the log has an item of unknown kind 0x${item.type.toString(16)}`)
      if (item.type === TYPE.newInodes) await this.#takeNewInodes(item)
      else if (item.type === TYPE.buffer) buffers.push(parseBufferItem(item))
      else this.intents.take(item)
    }
    for (const buffer of buffers) if (!(buffer.flags & CANCEL)) await this.#takeBuffer(buffer)
    for (const item of items) if (item.type === TYPE.inode) await this.#takeInode(item)
    for (const { flags, sector, sectors } of buffers)
      if (flags & CANCEL) this.#cancelled.pass(sector, sectors)
  }

  async finish(): Promise<void> {
    if (this.#volume.geometry.version === 5)
      for (const [place, length] of this.#written) {
        const block = await this.disk.read(place, length)
        stamp(block, this.#lsn)
        await this.disk.write(place, block)
      }
    this.#written = new Map()
  }

  async #takeBuffer(item: BufferItem): Promise<void> {
    const { sector, sectors, parts } = item
    if (!isRead(item) || this.#cancelled.has(sector, sectors)) return
    const [place, length] = [sector * 512, sectors * 512]
    const block = await this.disk.read(place, length)
    const { version, uuid } = this.#volume.geometry
    const lsn = version === 5 ? lsnOf(block, uuid) : undefined
    if (lsn !== undefined && lsn >= this.#lsn) return
    for (const { at, bytes } of parts) bytes.copy(block, at)
    await this.disk.write(place, block)
    this.#written.set(place, length)
  }

  async #takeInode(item: LogItem): Promise<void> {
    const change = parseInodeItem(item)
    const { sector, sectors, offset } = change
    if (this.#cancelled.has(sector, sectors)) return
    const place = sector * 512 + offset
    const inode = await this.disk.read(place, this.#volume.geometry.inodeBytes)
    if (applyInodeItem(inode, change, this.#lsn)) await this.disk.write(place, inode)
  }

  async #takeNewInodes(item: LogItem): Promise<void> {
    const { geometry } = this.#volume
    const { groupBlocks, blockBytes } = geometry
    const made = parseNewInodes(item, geometry)
    const place = (made.group * groupBlocks + made.block) * blockBytes
    const step = blockBytes / 512
    if (this.#cancelled.hasWithin(place / 512, made.blocks * step, step)) return
    for (let index = 0; index < made.blocks; index++)
      await this.disk.write(place + index * blockBytes, newInodeBlock(geometry, made, index))
  }
}

import { damaged } from '../../damaged.ts'
import { isHead, LONGEST_RECORD, parseHead, readRecord, type RecordHead } from './record.ts'
import { roundOf, SECTOR_BYTES, type LogRing } from './ring.ts'

/** What of the log counts: records from the sector `tail` on up to the sector `head`. */
export interface LogSpan {
  readonly tail: number
  readonly head: number
  /** Ends with the record of an unmount: nothing in it is missing in its place. */
  readonly isClean: boolean
}

/** So many records may be on their way to the disk at once, and come there in any order. */
const MOST_IN_FLIGHT = 8
const SCANNED_SECTORS = (MOST_IN_FLIGHT * 256 * 1024) / SECTOR_BYTES
const UNMOUNT = 0x20

/** As the kernel finds it when it mounts. Undefined for a log that was never written. */
export async function findSpan(ring: LogRing): Promise<LogSpan | undefined> {
  const newest = await findNewest(ring)
  if (newest === undefined) return undefined
  const end = await endOfRecords(ring, newest)
  const last = await lastWhole(ring, end)
  if (!last) throw damaged('xfs: the log has no whole record at its end')
  const head = ring.wrap(last.sector + last.sectors)
  if (await isUnmount(ring, last)) return { tail: head, head, isClean: true }
  return { tail: ring.wrap(last.tailSector), head, isClean: false }
}

/** The first sector that the round being written has not reached. */
async function findNewest(ring: LogRing): Promise<number | undefined> {
  const { sectors } = ring
  const first = await ring.roundOf(0)
  const last = await ring.roundOf(sectors - 1)
  if (first === 0) return undefined
  // Sectors behind the head are of the round before; zeros in the first round.
  const behind = first === last ? last - 1 : last
  const reached = first === last ? sectors : await firstOf(ring, last)
  // Several records were on their way at once: before the head there may be gaps.
  const start = Math.max(0, reached - SCANNED_SECTORS)
  if (reached < SCANNED_SECTORS) {
    const over = SCANNED_SECTORS - reached
    const gap = await findRound(ring, Math.max(reached, sectors - over), sectors, behind - 1)
    if (gap !== undefined) return gap
  }
  return (await findRound(ring, start, reached, behind)) ?? reached
}

/** Of rounds that fall once on the way, the first sector that has `round`. */
async function firstOf(ring: LogRing, round: number): Promise<number> {
  let low = 0
  for (let high = ring.sectors - 1; low < high;) {
    const middle = (low + high) >>> 1
    if ((await ring.roundOf(middle)) === round) high = middle
    else low = middle + 1
  }
  return low
}

const AT_ONCE = 128

async function findRound(ring: LogRing, from: number, to: number, round: number) {
  for (let at = from; at < to; at += AT_ONCE) {
    const count = Math.min(AT_ONCE, to - at)
    const bytes = await ring.read(at, count)
    for (let index = 0; index < count; index++)
      if (roundOf(bytes, index * SECTOR_BYTES) === round) return at + index
  }
  return undefined
}

/** A record that is not complete does not count. */
async function endOfRecords(ring: LogRing, newest: number): Promise<number> {
  const before = await headBefore(ring, newest)
  if (!before) return newest
  return before.sector + before.sectors === before.end ? newest : before.sector
}

/** The last record that begins before `end`. Sectors may count beyond the ring. */
async function headBefore(
  ring: LogRing,
  end: number,
): Promise<(RecordHead & { end: number }) | undefined> {
  const most = Math.min(LONGEST_RECORD, ring.sectors)
  for (let back = 1; back <= most; back += AT_ONCE) {
    const count = Math.min(AT_ONCE, most - back + 1)
    const from = ring.wrap(end - back - count + 1)
    const bytes = await ring.read(from, count)
    for (let index = count - 1; index >= 0; index--) {
      const sector = bytes.subarray(index * SECTOR_BYTES, (index + 1) * SECTOR_BYTES)
      if (!isHead(sector)) continue
      const at = ring.wrap(from + index)
      return { ...parseHead(sector, at), end: at + back + count - 1 - index }
    }
  }
  return undefined
}

/** Of the records that were on their way last, those before the first that is not whole. */
async function lastWhole(ring: LogRing, end: number): Promise<RecordHead | undefined> {
  const records: RecordHead[] = []
  for (let at = end; records.length < MOST_IN_FLIGHT;) {
    const record = await headBefore(ring, at)
    if (!record || ring.wrap(record.sector + record.sectors) !== ring.wrap(at)) break
    records.push(record)
    at = record.sector
  }
  let last: RecordHead | undefined
  for (const record of records.reverse()) {
    // mkfs writes its one record without a checksum, also where all others have one.
    if (record.checksum !== 0 && !(await readRecord(ring, record))) break
    last = record
  }
  return last
}

async function isUnmount(ring: LogRing, last: RecordHead): Promise<boolean> {
  if (last.operations !== 1) return false
  const operation = await ring.read(last.sector + last.heads)
  return (operation.readUInt8(9) & UNMOUNT) !== 0
}

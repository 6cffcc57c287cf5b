import type { GuestFile } from '../../file-system.ts'
import { fixedUp } from '../fixup.ts'

/** What $LogFile says of itself, from the newer one of its two restart pages. */
export interface LogShape {
  /** Nothing in it is missing in its place. */
  readonly isClean: boolean
  readonly pageBytes: number
  /** Where in a page records begin. */
  readonly dataOffset: number
  readonly headBytes: number
  /** Pages before are copies of the ones being written. */
  readonly firstPage: number
  /** Of a record's number (LSN), these bits are its place in units of 8 bytes. */
  readonly placeBits: bigint
  readonly fileBytes: number
  /** The oldest record that may be missing in its place. */
  readonly oldest: bigint
}

const NO_CLIENT = 0xffff
const VOLUME_IS_CLEAN = 2
const MAX_LOG_BYTES = 2 ** 32

/** Undefined where neither page can be read. A log that was emptied, or has no user, is clean. */
export async function readLogShape(log: GuestFile): Promise<LogShape | undefined> {
  const start = await log.read(0, 65536)
  if (start.every((byte) => byte === 0xff)) return EMPTY
  const pageBytes = start.length >= 20 ? start.readUInt32LE(16) : 0
  const areas = [0, pageBytes].map((at) => restartArea(start, at)).filter((area) => area !== null)
  const newest = areas.sort((a, b) => (a.current < b.current ? 1 : -1))[0]
  return newest && shapeOf(newest, log.sizeBytes)
}

const EMPTY: LogShape = {
  ...{ isClean: true, pageBytes: 4096, dataOffset: 64, headBytes: 48, firstPage: 4 },
  ...{ placeBits: 0n, fileBytes: 0, oldest: 0n },
}

interface RestartArea {
  readonly current: bigint
  readonly page: Buffer
  readonly at: number
}

function restartArea(log: Buffer, at: number): RestartArea | null {
  try {
    const pageBytes = log.readUInt32LE(at + 16)
    const page = fixedUp(log.subarray(at, at + pageBytes), 'RSTR', 'ntfs: the log')
    const area = page.readUInt16LE(24)
    return { current: page.readBigUInt64LE(area), page, at: area }
  } catch {
    return null
  }
}

function shapeOf({ page, at }: RestartArea, sizeBytes: number): LogShape | undefined {
  try {
    const isUnused = page.readUInt16LE(at + 12) === NO_CLIENT
    const isClean = isUnused || (page.readUInt16LE(at + 14) & VOLUME_IS_CLEAN) !== 0
    const client = at + page.readUInt16LE(at + 22)
    const shape = {
      ...{ isClean, pageBytes: page.readUInt32LE(20) },
      dataOffset: page.readUInt16LE(at + 38),
      headBytes: page.readUInt16LE(at + 36),
      firstPage: page.readInt16LE(28) >= 2 ? 34 : 4,
      placeBits: 64n - BigInt(page.readUInt32LE(at + 16)),
      fileBytes: Math.min(Number(page.readBigUInt64LE(at + 24)), sizeBytes),
      oldest: isUnused ? 0n : page.readBigUInt64LE(client),
    }
    return isClean || isSound(shape) ? shape : undefined
  } catch {
    return undefined
  }
}

function isSound(shape: LogShape): boolean {
  const { pageBytes, dataOffset, headBytes, placeBits, fileBytes, firstPage } = shape
  return (
    (pageBytes === 4096 || pageBytes === 8192) &&
    dataOffset >= 40 &&
    dataOffset % 8 === 0 &&
    headBytes >= 48 &&
    headBytes % 8 === 0 &&
    dataOffset + headBytes < pageBytes &&
    placeBits > 10n &&
    placeBits < 40n &&
    fileBytes <= MAX_LOG_BYTES &&
    fileBytes > firstPage * pageBytes
  )
}

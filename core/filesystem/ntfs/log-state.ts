import type { GuestFile } from '../file-system.ts'
import { fixedUp } from './fixup.ts'

const NO_CLIENT = 0xffff
const VOLUME_IS_CLEAN = 2

/**
 * Whether $LogFile holds changes that are not in their places yet. Only its two restart pages are
 * looked at; one that is unreadable counts as not clean, one that was emptied as clean.
 */
export async function isLogClean(log: GuestFile): Promise<boolean> {
  const start = await log.read(0, 65536)
  if (start.every((byte) => byte === 0xff)) return true
  const pageBytes = start.length >= 20 ? start.readUInt32LE(16) : 0
  const pages = [0, pageBytes].map((at) => restartArea(start, at)).filter((page) => page !== null)
  const newest = pages.sort((a, b) => (a.sequence < b.sequence ? 1 : -1))[0]
  return newest?.isClean ?? false
}

function restartArea(log: Buffer, at: number): { sequence: bigint; isClean: boolean } | null {
  try {
    const pageBytes = log.readUInt32LE(at + 16)
    const page = fixedUp(log.subarray(at, at + pageBytes), 'RSTR', 'ntfs: the log')
    const area = page.readUInt16LE(24)
    const isUnused = page.readUInt16LE(area + 12) === NO_CLIENT
    const isClean = (page.readUInt16LE(area + 14) & VOLUME_IS_CLEAN) !== 0
    return { sequence: page.readBigUInt64LE(area), isClean: isUnused || isClean }
  } catch {
    return null
  }
}

import type { GuestTime } from '../file-system.ts'
import { fromUtf16 } from '../utf16.ts'

/** The name that DOS sees of a file that has a longer one: not a name of its own. */
const DOS = 2
const FOLDER = 0x10000000

export const FILE_FLAG = { system: 0x4, reparsePoint: 0x400 } as const

/** A $FILE_NAME, in a record or as the key of a folder's entry. */
export interface FileName {
  readonly name: Buffer
  readonly units: Buffer
  readonly isDosOnly: boolean
  readonly isFolder: boolean
  readonly flags: number
}

/** `value` was checked to be long enough. */
export function parseFileName(value: Buffer): FileName {
  const units = unitsOf(value)
  const flags = value.readUInt32LE(56)
  return {
    name: fromUtf16(units),
    units,
    isDosOnly: value.readUInt8(65) === DOS,
    isFolder: (flags & FOLDER) !== 0,
    flags,
  }
}

export function unitsOf(value: Buffer): Buffer {
  return value.subarray(66, 66 + value.readUInt8(64) * 2)
}

/** From 1601 to 1970, in 100 ns. */
const EPOCH = 116_444_736_000_000_000n

export function fileTime(buffer: Buffer, at: number): GuestTime {
  const value = buffer.readBigInt64LE(at)
  return value === 0n ? null : (value - EPOCH) * 100n
}

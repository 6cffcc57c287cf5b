import { readSync } from 'node:fs'
import { expectedBytes, type ExpectedRecords } from './expected.ts'

/** Bytes of a pack that lie side by side, read through an open descriptor. */
export interface FileSlice {
  readonly fd: number
  readonly offset: number
  readonly length: number
}

/** Reads at `position` until `into` is full or the file ends; gives how much that was. */
export function readFully(fd: number, into: Uint8Array, position: number): number {
  let done = 0
  while (done < into.length) {
    const got = readSync(fd, into, done, into.length - done, position + done)
    if (got === 0) break
    done += got
  }
  return done
}

/**
 * Fills `region` from `slices`, one after the other. What cannot be read is left zero, which no
 * record begins with: damage is a finding about some records, not a failure of the whole.
 */
export function readRegion(
  region: Buffer,
  slices: readonly FileSlice[],
  expected: ExpectedRecords,
): void {
  let at = 0
  for (const slice of slices) {
    readSlice(region, at, slice, expected)
    at += slice.length
  }
}

function readSlice(region: Buffer, at: number, slice: FileSlice, expected: ExpectedRecords): void {
  try {
    const got = readFully(slice.fd, region.subarray(at, at + slice.length), slice.offset)
    region.fill(0, at + got, at + slice.length)
  } catch {
    readRecordByRecord(region, at, slice, expected)
  }
}

function readRecordByRecord(
  region: Buffer,
  at: number,
  slice: FileSlice,
  expected: ExpectedRecords,
): void {
  region.fill(0, at, at + slice.length)
  expected.offsets.forEach((offset, index) => {
    if (offset < at || offset >= at + slice.length) return
    const record = region.subarray(offset, offset + expectedBytes(expected, index))
    try {
      readFully(slice.fd, record, slice.offset + offset - at)
    } catch {
      record.fill(0)
    }
  })
}

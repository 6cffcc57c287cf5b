import { writeSync } from 'node:fs'
import { HoldfastError } from '../model/error.ts'
import { DIRECT_UNIT } from '../runtime/aligned-memory.ts'

/** What plain bytes are written into. */
export interface SinkFile {
  readonly fd: number
  /** The same, open for writes past the page cache, where that is possible. */
  readonly direct?: number | undefined
}

/** Writes all of `bytes`, past the page cache what of them is whole units of aligned memory. */
export function writePlain(file: SinkFile, bytes: Buffer, position: number, disk: string): void {
  try {
    const done = writeDirect(file.direct, bytes, position)
    writeFully(file.fd, bytes, done, position)
  } catch (error) {
    throw writeFailure(error, disk, position)
  }
}

/** Gives how many of the bytes were written: what is left is for the page cache. */
function writeDirect(fd: number | undefined, bytes: Buffer, position: number): number {
  const isAligned = bytes.byteOffset % DIRECT_UNIT === 0 && position % DIRECT_UNIT === 0
  if (fd === undefined || !isAligned) return 0
  const whole = bytes.length - (bytes.length % DIRECT_UNIT)
  let done = 0
  try {
    while (done < whole && done % DIRECT_UNIT === 0)
      done += writeSync(fd, bytes, done, whole - done, position + done)
  } catch (error) {
    // Some file systems let themselves be opened that way and refuse to be written to.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  }
  return done
}

function writeFully(fd: number, bytes: Buffer, from: number, position: number): void {
  for (let done = from; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}

function writeFailure(error: unknown, disk: string, position: number): HoldfastError {
  const { code = '' } = error as NodeJS.ErrnoException
  const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)
  return new HoldfastError(
    isFull ? 'target-full' : 'target-write-failed',
    `Disk ${disk} cannot be written at offset ${position}: ${String(error)}`,
  )
}

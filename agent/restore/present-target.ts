import { constants, copyFile, open, rm } from 'node:fs/promises'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { chunkOffset } from '../../core/model/geometry.ts'
import { openDeviceTarget } from './device-target.ts'
import type { DiskTarget } from './disk-target.ts'
import { openInPlace, type DiskInPlace } from './in-place.ts'
import { takeOver } from './open-target.ts'
import type { DiskPlace, FilePlace } from './restore-plan.ts'

/** A disk that is there, opened to become that of a point. */
export interface PresentTarget {
  readonly target: DiskTarget
  readonly present: ByteReader
}

const ZEROS = Buffer.alloc(1024 * 1024)
const QCOW2_MAGIC = 0x514649fb
const EXTERNAL_DATA = 4n

/**
 * What is written in part only: a device, in its place as ever; a file by a reflink clone of it, made in
 * an instant and written beside, so that the old one stays until all is there. Undefined where the file
 * system has no clones, or nothing is there that could be compared.
 */
export async function openPresent(
  place: DiskPlace,
  signal: AbortSignal,
): Promise<PresentTarget | undefined> {
  if (place.kind === 'device') {
    const target = await openDeviceTarget(place)
    return { target, present: target.present }
  }
  if (!(await isWholeInItself(place)) || !(await clone(place))) return undefined
  await takeOver(place)
  const path = `${place.folder.path}/${place.temporary}`
  const disk = await openInPlace(path, place.format.name, signal).catch(async (error: unknown) => {
    await rm(path, { force: true })
    throw error
  })
  if (disk.reader.sizeBytes === place.disk.sizeBytes) return presentOf(place, disk)
  await disk.abandon()
  await rm(path, { force: true })
  return undefined
}

/** Same format, and no bytes in other files: those would be written to, or missed. */
async function isWholeInItself(place: FilePlace): Promise<boolean> {
  const { driver, preallocate } = place.format
  if (place.kept === undefined || preallocate) return false
  if (driver === 'raw') return true
  if (driver !== 'qcow2') return false
  const file = await open(place.folder.child(place.file), 'r')
  try {
    const header = Buffer.alloc(104)
    await file.read(header, 0, header.length, 0)
    if (header.readUInt32BE(0) !== QCOW2_MAGIC || header.readBigUInt64BE(8) !== 0n) return false
    return header.readUInt32BE(4) < 3 || (header.readBigUInt64BE(72) & EXTERNAL_DATA) === 0n
  } finally {
    await file.close()
  }
}

async function clone({ folder, file, temporary }: FilePlace): Promise<boolean> {
  const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants
  return copyFile(
    folder.child(file),
    folder.child(temporary),
    COPYFILE_EXCL | COPYFILE_FICLONE_FORCE,
  ).then(
    () => true,
    () => false, // the full way says what is wrong, if anything is
  )
}

function presentOf(
  { disk: { sizeBytes, chunkBytes } }: DiskPlace,
  disk: DiskInPlace,
): PresentTarget {
  const target: DiskTarget = {
    sink: { write: (offset, data) => disk.write(offset, data) },
    async zeros(start, count) {
      const from = chunkOffset(start, chunkBytes)
      const end = Math.min(chunkOffset(start + count, chunkBytes), sizeBytes)
      for (let at = from; at < end; at += ZEROS.length)
        await disk.write(at, ZEROS.subarray(0, Math.min(ZEROS.length, end - at)))
    },
    wrote: (bytes) => disk.wrote(bytes),
    finish: () => disk.finish(),
    abandon: () => disk.abandon(),
  }
  return { target, present: disk.reader }
}

import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { DiskTarget } from './disk-target.ts'
import { preallocate, type Room } from './preallocate.ts'
import type { FilePlace } from './restore-plan.ts'
import { writtenFile } from './written-file.ts'

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

/** A raw file: one hole of the disk's size, or blocks taken beforehand, that workers write into. */
export async function openRawTarget(place: FilePlace, signal: AbortSignal): Promise<DiskTarget> {
  const path = place.folder.child(place.temporary)
  const file = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    await resize(file, place)
    if (place.format.preallocate)
      await preallocate(file, place.folder, place.temporary, room(place), signal)
  } catch (error) {
    await file.close()
    throw error
  }
  return { ...(await writtenFile(file)), zeros: () => Promise.resolve() }
}

function room({ disk }: FilePlace): Room {
  return { sizeBytes: disk.sizeBytes, isEmpty: true }
}

async function resize(file: FileHandle, { disk, folder }: FilePlace): Promise<void> {
  try {
    await file.truncate(disk.sizeBytes)
  } catch (cause) {
    throw new HoldfastError(
      'format-cannot-hold',
      `the file system of ${folder.path} holds no file of ${disk.sizeBytes} bytes`,
      { hint: 'Choose another folder, or a sparse format such as qcow2.', cause },
    )
  }
}

import { constants } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkOffset } from '../../core/model/geometry.ts'
import type { DiskTarget } from './disk-target.ts'
import type { DevicePlace } from './restore-plan.ts'
import { writtenFile } from './written-file.ts'

const ZEROS = Buffer.alloc(1024 * 1024)
const SYSFS_SECTOR_BYTES = 512

/**
 * A block device, written in place. The kernel refuses an exclusive open of a device that is
 * mounted or part of something; what it holds beyond the disk's end is left alone.
 */
export async function openDeviceTarget({
  path,
  disk,
}: DevicePlace): Promise<DiskTarget & { readonly present: ByteReader }> {
  await checkDeviceSize(path, disk.name, disk.sizeBytes)
  const device = await openExclusively(path)
  return {
    ...(await writtenFile(device)),
    present: {
      sizeBytes: disk.sizeBytes,
      async read(offset, length) {
        const { buffer, bytesRead } = await device.read(Buffer.alloc(length), 0, length, offset)
        if (bytesRead === length) return buffer
        throw new HoldfastError('target-refused', `${path} became shorter`)
      },
    },
    async zeros(start, count) {
      const from = chunkOffset(start, disk.chunkBytes)
      const end = Math.min(chunkOffset(start + count, disk.chunkBytes), disk.sizeBytes)
      for (let at = from; at < end; at += ZEROS.length)
        await device.write(ZEROS, 0, Math.min(ZEROS.length, end - at), at)
    },
  }
}

async function openExclusively(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    return await open(path, constants.O_RDWR | constants.O_EXCL | constants.O_NOFOLLOW)
  } catch (cause) {
    throw new HoldfastError('target-in-use', `the block device ${path} cannot be opened alone`, {
      hint: 'Unmount it and stop what uses it.',
      cause,
    })
  }
}

/** Bytes of a block device, as the kernel lists it. */
export async function deviceBytes(path: string): Promise<number> {
  const { rdev } = await stat(path)
  const major = (rdev >> 8) & 0xfff
  const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00)
  const sectors = await readFile(`/sys/dev/block/${major}:${minor}/size`, 'utf8')
  return Number(sectors.trim()) * SYSFS_SECTOR_BYTES
}

export async function checkDeviceSize(path: string, disk: string, needed: number): Promise<void> {
  const has = await deviceBytes(path)
  if (has >= needed) return
  throw new HoldfastError(
    'format-cannot-hold',
    `disk ${disk} has ${needed} bytes and ${path} holds ${has}`,
    { hint: 'Make the device larger, or restore to a folder.' },
  )
}

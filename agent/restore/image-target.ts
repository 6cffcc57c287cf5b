import { open, type FileHandle } from 'node:fs/promises'
import { NbdDiskWriter } from '../../core/nbd/nbd-disk.ts'
import type { DiskTarget } from './disk-target.ts'
import { temporariesOf } from './file-names.ts'
import { renameFlatExtent } from './flat-extent.ts'
import { serveForWriting } from './image-server.ts'
import { runInFolder, toolPath } from './image-tool.ts'
import { preallocate } from './preallocate.ts'
import type { FilePlace } from './restore-plan.ts'
import { SECTOR_BYTES, sizeInFormat } from '../../core/model/restore-format.ts'

/**
 * An image in a format that QEMU writes: made empty by qemu-img, filled through an NBD server of
 * its own. Zero chunks are never written, so they take no room.
 */
export async function openImageTarget(place: FilePlace, signal: AbortSignal): Promise<DiskTarget> {
  await createImage(place, signal)
  const server = await serveForWriting(place, signal)
  const writer = new NbdDiskWriter(server.client)
  return {
    sink: { write: (offset, data) => writer.write(offset, wholeSectors(data), signal) },
    zeros: () => Promise.resolve(),
    wrote: () => {},
    async finish() {
      await writer.flush()
      await writer.close()
      await server.ended
      await renameFlatExtent(place)
      for (const name of temporariesOf(place)) await syncFile(place.folder.child(name))
    },
    abandon: () => server.kill(),
  }
}

async function createImage(place: FilePlace, signal: AbortSignal): Promise<void> {
  const { folder, temporary, format, disk } = place
  const options = format.createOptions.flatMap((option) => ['-o', option])
  const size = String(sizeInFormat(format.name, disk.sizeBytes))
  const args = ['create', '-q', '-f', format.driver, ...options, toolPath(temporary), size]
  // Made by us, exclusively and for our eyes only, before a tool sees the name.
  const made = await Promise.all(
    temporariesOf(place).map((name) => open(folder.child(name), 'wx', 0o600)),
  )
  try {
    await runInFolder('qemu-img', args, folder.fd, signal)
    if (format.preallocate && format.fixed) await preallocateData(place, made, signal)
  } finally {
    for (const file of made) await file.close()
  }
}

/** A fixed VHD and a flat extent begin with the disk's bytes; a fixed VHDX has them after tables. */
async function preallocateData(
  place: FilePlace,
  [data]: readonly FileHandle[],
  signal: AbortSignal,
): Promise<void> {
  const [name] = temporariesOf(place)
  if (!data || name === undefined) return
  const beginsWithDisk = place.format.driver !== 'vhdx'
  const sizeBytes = beginsWithDisk ? place.disk.sizeBytes : (await data.stat()).size
  await preallocate(data, place.folder, name, { sizeBytes, isEmpty: beginsWithDisk }, signal)
}

/** The disk's last bytes, filled up with zeros to a whole sector: the image has room for them. */
function wholeSectors(data: Uint8Array): Uint8Array {
  const rest = data.length % SECTOR_BYTES
  if (rest === 0) return data
  const whole = new Uint8Array(data.length + SECTOR_BYTES - rest)
  whole.set(data)
  return whole
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

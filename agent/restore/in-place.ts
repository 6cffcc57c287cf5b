import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { NbdDiskReader, NbdDiskWriter } from '../../core/nbd/nbd-disk.ts'
import { deviceBytes } from './device-target.ts'
import { serveForWriting } from './image-server.ts'
import { openCanonicalFolder } from './target-folder.ts'
import { targetFormat } from './target-format.ts'
import { WriteBack } from './write-back.ts'
import type { WriteAt } from './part-map.ts'

/** A disk that is there, opened to be written in part. */
export interface DiskInPlace {
  readonly reader: ByteReader
  readonly write: WriteAt
  wrote(bytes: number): void
  /** After it resolves what was written survives power loss. */
  finish(): Promise<void>
  abandon(): Promise<void>
}

/**
 * `format` is what the source is declared to have: it is never guessed. A device is opened alone, which
 * the kernel holds others to; an image by QEMU, whose lock keeps a VM from being started on it.
 */
export async function openInPlace(
  path: string,
  format: string,
  signal: AbortSignal,
): Promise<DiskInPlace> {
  if ((await stat(path)).isBlockDevice()) return openRaw(path)
  try {
    return await openImage(path, format, signal)
  } catch (error) {
    const { code, message } = toHoldfastError(error)
    if (/Failed to get ".*" lock/.test(message))
      throw new HoldfastError('target-in-use', `${path} is in use: QEMU's lock on it is taken`, {
        hint: 'Stop what uses it.',
        cause: error,
      })
    // Without QEMU on this host no VM is started on the image either.
    if (code !== 'tool-missing' || targetFormat(format, false).driver !== 'raw') throw error
    return openRaw(path)
  }
}

async function openRaw(path: string): Promise<DiskInPlace> {
  const isDevice = (await stat(path)).isBlockDevice()
  const exclusive = isDevice ? constants.O_EXCL : 0
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW | exclusive).catch(
    (cause: unknown) => {
      throw new HoldfastError('target-in-use', `${path} cannot be opened for writing`, {
        hint: 'Unmount it and stop what uses it.',
        cause,
      })
    },
  )
  const sizeBytes = isDevice ? await deviceBytes(path) : (await file.stat()).size
  const writeBack = new WriteBack(file)
  return {
    reader: {
      sizeBytes,
      async read(offset, length) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
        if (bytesRead === length) return buffer
        throw new HoldfastError('target-refused', `${path} became shorter`)
      },
    },
    async write(offset, bytes) {
      for (let at = 0; at < bytes.length;)
        at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten
    },
    wrote: (bytes) => writeBack.wrote(bytes),
    async finish() {
      await writeBack.finish()
      await file.close()
    },
    async abandon() {
      await writeBack.abandon()
      await file.close()
    },
  }
}

/** By QEMU's own hand: change records inside of a qcow2 go on. */
async function openImage(path: string, format: string, signal: AbortSignal): Promise<DiskInPlace> {
  const folder = await openCanonicalFolder(dirname(path))
  try {
    const place = { folder, temporary: basename(path), format: targetFormat(format, false) }
    const server = await serveForWriting(place, signal)
    const [reader, writer] = [new NbdDiskReader(server.client), new NbdDiskWriter(server.client)]
    return {
      reader: {
        sizeBytes: reader.sizeBytes,
        async read(offset, length) {
          const bytes = Buffer.alloc(length)
          await reader.read(offset, bytes, signal)
          return bytes
        },
      },
      write: (offset, bytes) => writer.write(offset, bytes, signal),
      wrote: () => {},
      async finish() {
        await writer.flush()
        await writer.close()
        await server.ended
        await folder.close()
      },
      async abandon() {
        await server.kill()
        await folder.close()
      },
    }
  } catch (error) {
    await folder.close()
    throw error
  }
}

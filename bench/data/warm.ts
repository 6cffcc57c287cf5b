import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { dataRanges } from '../../core/disk/holes.ts'
import { run } from './run.ts'

const READ_BYTES = 4 * 1024 * 1024

/** Reads files, and all files below folders, so that both sides find them in the page cache. */
export async function warm(places: readonly string[]): Promise<void> {
  for (const place of places) {
    if ((await stat(place)).isDirectory()) {
      const below = await readdir(place, { recursive: true, withFileTypes: true })
      await warm(below.filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name)))
    } else await readData(place)
  }
}

async function readData(file: string): Promise<void> {
  const handle = await open(file)
  const buffer = Buffer.alloc(READ_BYTES)
  try {
    const { size } = await handle.stat()
    for await (const { offset, length } of dataRanges(handle.fd, size))
      for (let at = offset; at < offset + length; at += READ_BYTES)
        await handle.read(buffer, 0, Math.min(READ_BYTES, offset + length - at), at)
  } finally {
    await handle.close()
  }
}

/** The opposite, for what was written: out of the page cache once it is on the disk. */
export async function forget(place: string): Promise<void> {
  const status = await stat(place).catch(() => undefined)
  if (!status) return
  if (!status.isDirectory()) {
    await run('dd', [
      `of=${place}`,
      'oflag=nocache',
      'conv=notrunc,fdatasync',
      'count=0',
      'status=none',
    ])
    return
  }
  const below = await readdir(place, { recursive: true, withFileTypes: true })
  for (const e of below) if (e.isFile()) await forget(path.join(e.parentPath, e.name))
}

import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { HoldfastError } from '../../model/error.ts'

/** Tables are read in parts of at most this, so that a forged length costs no memory. */
export const LARGEST_READ = 4 * 1024 * 1024

/** A disk image whose headers and tables are read by our own code before any tool opens it. */
export class ImageFile {
  readonly path: string
  readonly sizeBytes: number
  readonly #handle: FileHandle

  private constructor(path: string, handle: FileHandle, sizeBytes: number) {
    this.path = path
    this.#handle = handle
    this.sizeBytes = sizeBytes
  }

  /**
   * `sizeBytes` is for block devices, whose length the file system does not tell. `opened` is what is
   * read in its place, where errors are to name it all the same.
   */
  static async open(path: string, sizeBytes?: number, opened = path): Promise<ImageFile> {
    const handle = await openImage(opened)
    try {
      return new ImageFile(path, handle, sizeBytes ?? (await handle.stat()).size)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Exactly these bytes; 'source-damaged' where the file ends before them. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    if (length > LARGEST_READ) throw damaged(this.path, `a table of ${length} bytes is too long`)
    if (offset + length > this.sizeBytes || !Number.isSafeInteger(offset))
      throw damaged(this.path, `it ends before byte ${offset + length}, where its tables go on`)
    const into = Buffer.allocUnsafe(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#handle.read(into, done, length - done, offset + done)
      if (bytesRead === 0) throw damaged(this.path, `it became shorter while it was read`)
      done += bytesRead
    }
    return into
  }

  /** The first `length` bytes, or all there are. */
  head(length: number): Promise<Buffer> {
    return this.bytes(0, Math.min(length, this.sizeBytes))
  }

  /** A table of any length, in parts that are whole multiples of `unit`. */
  async *table(offset: number, length: number, unit: number): AsyncIterable<Buffer> {
    const step = LARGEST_READ - (LARGEST_READ % unit)
    for (let done = 0; done < length; done += step)
      yield await this.bytes(offset + done, Math.min(step, length - done))
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** Opens for reading only; what keeps it from opening becomes an error that names the image. */
export async function openImage(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK a FIFO in an image's place would hold the agent for ever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new HoldfastError('source-missing', `${path} is not there`, { cause })
    throw new HoldfastError('source-unreadable', `${path} cannot be opened: ${String(code)}`, {
      hint: 'the agent needs the right to read the image',
      cause,
    })
  }
}

/** Runs `use` on an open image and closes it, whatever happens. */
export async function withImage<T>(
  path: string,
  use: (file: ImageFile) => Promise<T>,
  sizeBytes?: number,
  opened = path,
): Promise<T> {
  const file = await ImageFile.open(path, sizeBytes, opened)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

export function damaged(path: string, what: string): HoldfastError {
  return new HoldfastError('source-damaged', `${path} is damaged: ${what}`, {
    hint: 'restore the image from an earlier point, or repair it with the tool that made it',
  })
}

export function unsupported(path: string, what: string, hint?: string): HoldfastError {
  return new HoldfastError('format-unsupported', `${path} cannot be read: ${what}`, { hint })
}

/** A 64-bit field as a number; what does not fit exactly is no size that any image has. */
export function safeNumber(path: string, value: bigint, field: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(path, `its ${field} is ${value}`)
  return Number(value)
}

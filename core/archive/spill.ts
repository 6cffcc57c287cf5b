import { constants } from 'node:fs'
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const KEPT_BYTES = 8 * 1024 * 1024

/** Bytes to be read again once, in order: more than a few MiB wait in a file without a name. */
export class Spill {
  readonly #parts: Buffer[] = []
  #keptBytes = 0
  #file: FileHandle | undefined
  length = 0

  async add(bytes: Buffer): Promise<void> {
    this.#parts.push(bytes)
    this.#keptBytes += bytes.length
    this.length += bytes.length
    if (this.#keptBytes < KEPT_BYTES) return
    this.#file ??= await namelessFile()
    await this.#file.writeFile(Buffer.concat(this.#parts.splice(0)))
    this.#keptBytes = 0
  }

  async *read(): AsyncGenerator<Buffer> {
    const spilled = this.length - this.#keptBytes
    for (let at = 0; at < spilled;) {
      const length = Math.min(1024 * 1024, spilled - at)
      const { bytesRead, buffer } = await this.#file!.read(Buffer.alloc(length), 0, length, at)
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    yield* this.#parts
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }
}

async function namelessFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL
    return await open(join(folder, 'spill'), flags, 0o600)
  } finally {
    await rm(folder, { recursive: true })
  }
}

import type { FileHandle } from 'node:fs/promises'

/** Written bytes after which the next sync begins: the last one has little left to do. */
const SYNC_EVERY_BYTES = 64 * 1024 * 1024

/**
 * Syncs a file beside the writing, so that the disk works while chunks are decoded, and memory does
 * not fill with pages that guests need. A failed sync is final: it is thrown by `finish`.
 */
export class WriteBack {
  readonly #file: FileHandle
  #pendingBytes = 0
  #running: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(file: FileHandle) {
    this.#file = file
  }

  wrote(bytes: number): void {
    this.#pendingBytes += bytes
    if (this.#running || this.#pendingBytes < SYNC_EVERY_BYTES) return
    this.#pendingBytes = 0
    this.#running = this.#sync()
  }

  /** Waits for what runs, then syncs what is left. */
  async finish(): Promise<void> {
    await this.#running
    if (this.#failure) throw this.#failure.error
    await this.#file.sync()
  }

  /** Waits for what runs: the descriptor may be closed afterwards. */
  async abandon(): Promise<void> {
    await this.#running
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.datasync()
    } catch (error) {
      this.#failure ??= { error }
    }
    this.#running = undefined
  }
}

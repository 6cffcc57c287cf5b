import { readdir, readFile, rm, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../core/runtime/log.ts'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import { toHoldfastError } from '../../core/model/error.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import { openTargetFolder } from '../restore/target-folder.ts'
import { Staging } from './staging.ts'

/**
 * Which recoveries of files have begun to write, and where: a process that comes after one that was
 * killed takes away what was half made, and does not write the same files a second time.
 */
export class ItemMarkers {
  readonly #folder: string

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'items')
  }

  async has(job: string): Promise<boolean> {
    return (await this.#read(job)) !== undefined
  }

  async set(job: string, folder: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await writeDurably(systemFileSystem, this.#path(job), Buffer.from(JSON.stringify({ folder })))
  }

  async clear(job: string): Promise<void> {
    await rm(this.#path(job), { force: true })
  }

  /** What earlier processes left half made. The marks stay: the server may hand out their jobs again. */
  async cleanUp(roots: readonly string[], log: Logger): Promise<void> {
    const jobs = await readdir(this.#folder).catch(() => [])
    for (const job of jobs) {
      try {
        const folder = await this.#read(job)
        if (folder !== undefined) await clean(folder, roots, job)
      } catch (error) {
        log.warn('half-made files are left', { job, reason: toHoldfastError(error).message })
      }
    }
  }

  #path(job: string): string {
    return join(this.#folder, job)
  }

  async #read(job: string): Promise<string | undefined> {
    const text = await readFile(this.#path(job), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : (JSON.parse(text) as { folder: string }).folder
  }
}

async function clean(path: string, roots: readonly string[], job: string): Promise<void> {
  const target = await openTargetFolder(path, roots)
  try {
    const folder = await OpenFolder.again(target.fd, Buffer.from(path))
    await (await Staging.open(folder, job)).close()
    await folder.close()
  } finally {
    await target.close()
  }
}

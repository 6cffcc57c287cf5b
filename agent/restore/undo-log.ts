import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** One file on its way into place. Names are relative to `folder`, which is a canonical path. */
export interface UndoFile {
  readonly folder: string
  readonly temporary: readonly string[]
  /** Pairs of what becomes what; `kept` is the name under which an old file waits. */
  readonly moves: readonly UndoMove[]
}

export interface UndoMove {
  readonly from: string
  readonly to: string
  readonly kept: string | undefined
}

/**
 * writing: the temporary files may exist, nothing else. swapping: any of the moves may have
 * happened. swapped: all have, only what is left over is to be removed. finished: nothing is left
 * to do but to tell the server.
 */
export type UndoPhase = 'writing' | 'swapping' | 'swapped' | 'finished'

export interface UndoRecord {
  readonly job: string
  readonly epoch: number
  readonly phase: UndoPhase
  readonly files: readonly UndoFile[]
  /** What the job's report says once all is in place. */
  readonly made: readonly string[]
  readonly changes: readonly string[]
  /** What the point lacks. */
  readonly warnings: readonly string[]
  /** The server knows that all is in place, although something is left over. */
  readonly isTold?: true
}

const ENDING = '.undo.json'

/**
 * What running restores have put on this host's disks, one small file a job in the agent's data
 * folder: written before the first byte of a target, replayed at the next start after a crash.
 */
export class UndoLog {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** After it resolves the record survives power loss. */
  async write(record: UndoRecord): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = this.#path(record.job)
    const file = await open(`${path}.new`, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(record))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
    await this.#sync()
  }

  /** Call when nothing is left to undo or to tell. */
  async forget(job: string): Promise<void> {
    try {
      await unlink(this.#path(job))
    } catch (error) {
      if (isMissing(error)) return
      throw error
    }
    await this.#sync()
  }

  /** The server has heard how the job ended. */
  async told(job: string): Promise<void> {
    const record = await this.read(job)
    if (record?.phase === 'finished') await this.forget(job)
    else if (record) await this.write({ ...record, isTold: true })
  }

  async read(job: string): Promise<UndoRecord | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(job), 'utf8')) as UndoRecord
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** Jobs with a record. A half-written one never got its name: it is not among them. */
  async jobs(): Promise<string[]> {
    try {
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING))
      return names.map((name) => decodeURIComponent(name.slice(0, -ENDING.length))).sort()
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  #path(job: string): string {
    return join(this.#folder, `${encodeURIComponent(job)}${ENDING}`)
  }

  async #sync(): Promise<void> {
    const folder = await open(this.#folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

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
 * happened. swapped: all have, only what is left over is to be removed.
 */
export type UndoPhase = 'writing' | 'swapping' | 'swapped'

export interface UndoRecord {
  readonly job: string
  readonly epoch: number
  readonly phase: UndoPhase
  readonly files: readonly UndoFile[]
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

  async remove(job: string): Promise<void> {
    await unlink(this.#path(job)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await this.#sync()
  }

  /** Every record that a crash left. A half-written one never got its name: it is not among them. */
  async records(): Promise<UndoRecord[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const records: UndoRecord[] = []
    for (const name of names.filter((n) => n.endsWith(ENDING)))
      records.push(JSON.parse(await readFile(join(this.#folder, name), 'utf8')) as UndoRecord)
    return records
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

import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'

export interface MachineNote {
  /** The VM ran when the job began, and was stopped for it. */
  readonly wasRunning: boolean
}

/** What a restore has to remember of a VM over a crash of the agent: one small file a job. */
export class MachineNotes {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async remember(job: string, note: MachineNote): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await writeDurably(systemFileSystem, this.#path(job), Buffer.from(JSON.stringify(note)))
  }

  async recall(job: string): Promise<MachineNote | undefined> {
    const text = await readFile(this.#path(job), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : (JSON.parse(text) as MachineNote)
  }

  async forget(job: string): Promise<void> {
    await rm(this.#path(job), { force: true })
  }

  #path(job: string): string {
    return join(this.#folder, `${encodeURIComponent(job)}.machine.json`)
  }
}

import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import type { MigrationSettings } from './migration-settings.ts'

/** All that one job may have left in a VM's QEMU and on the host. Names may never have come to be. */
export interface VmUndoRecord {
  readonly job: string
  readonly vm: string
  readonly qmp: string
  readonly exports: readonly string[]
  readonly accessNodes: readonly string[]
  readonly filters: readonly string[]
  readonly targets: readonly string[]
  readonly frozen: readonly { readonly node: string; readonly name: string }[]
  /** Where an NBD server of ours listens, for QEMU to stop; '' when it uses another one. */
  readonly nbdSocket: string
  /** The VM ran, and was stopped for the instant. */
  readonly isStopped: boolean
  /** How the VM migrates otherwise, while its memory is saved; absent when it is not. */
  readonly memory?: MigrationSettings | undefined
  /** Socket of the guest agent that was told to freeze; '' when it was not. */
  readonly frozenAgent: string
  /** Files and folders of ours, removed with all that is in them. */
  readonly files: readonly string[]
}

export type UndoNote = Partial<Pick<VmUndoRecord, 'isStopped' | 'memory' | 'frozenAgent' | 'files'>>

export interface UndoNotes {
  /** After it resolves the note survives power loss. */
  note(note: UndoNote): Promise<void>
}

const ENDING = '.vm.json'

/** One small file a job, written before each step that leaves something; replayed after a crash. */
export class VmUndoLog {
  readonly #folder: string
  readonly #open = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async begin(record: VmUndoRecord): Promise<OpenUndo> {
    this.#open.add(record.job)
    try {
      await this.write(record)
    } catch (error) {
      this.end(record.job)
      throw error
    }
    return new OpenUndo(this, record)
  }

  /** Its job runs in this process: nothing of it is to be undone from outside. */
  isOpen(job: string): boolean {
    return this.#open.has(job)
  }

  /** The job has ended; what could not be undone stays in the log for the next replay. */
  end(job: string): void {
    this.#open.delete(job)
  }

  async write(record: VmUndoRecord): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const bytes = Buffer.from(JSON.stringify(record))
    await writeDurably(systemFileSystem, this.#path(record.job), bytes)
  }

  async forget(job: string): Promise<void> {
    await rm(this.#path(job), { force: true })
    await systemFileSystem.syncFolder(this.#folder)
  }

  async holds(job: string): Promise<boolean> {
    return (await textOf(this.#path(job))) !== undefined
  }

  async records(): Promise<VmUndoRecord[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return []
      throw error
    })
    const files = names.filter((name) => name.endsWith(ENDING)).sort()
    const texts = await Promise.all(files.map((name) => textOf(join(this.#folder, name))))
    return texts.flatMap((text) => (text === undefined ? [] : (JSON.parse(text) as VmUndoRecord)))
  }

  #path(job: string): string {
    return join(this.#folder, `${encodeURIComponent(job)}${ENDING}`)
  }
}

/** Undefined for one that its job has just forgotten. */
async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
}

/** The record of a job that is under way. */
export class OpenUndo implements UndoNotes {
  readonly #log: VmUndoLog
  #record: VmUndoRecord

  constructor(log: VmUndoLog, record: VmUndoRecord) {
    this.#log = log
    this.#record = record
  }

  get record(): VmUndoRecord {
    return this.#record
  }

  async note(note: UndoNote): Promise<void> {
    this.#record = { ...this.#record, ...note }
    await this.#log.write(this.#record)
  }

  forget(): Promise<void> {
    return this.#log.forget(this.#record.job)
  }

  end(): void {
    this.#log.end(this.#record.job)
  }
}

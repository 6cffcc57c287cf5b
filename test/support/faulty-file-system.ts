import { systemFileSystem, type FileSystem, type OpenFile } from '../../core/runtime/file-system.ts'

export type FileFault = 'EIO' | 'ENOSPC' | 'short'

/** The `at`th call (from 1) of `call`, counted over all files, fails so. `short` is for writes. */
export interface PlannedFault {
  readonly call: 'any' | keyof FileSystem | `file.${keyof OpenFile}`
  readonly at: number
  readonly fault: FileFault
  /** Only calls whose path matches are counted. */
  readonly path?: RegExp
  /** Every call from `at` on, not that one alone. */
  readonly lasting?: boolean
}

/** The real file system with faults at planned calls. `calls` lists what was called, in order. */
export class FaultyFileSystem implements FileSystem {
  readonly calls: string[] = []
  readonly #plan: PlannedFault[]
  readonly #counts = new Map<PlannedFault, number>()
  readonly #hit = new Set<PlannedFault>()

  constructor(...plan: PlannedFault[]) {
    this.#plan = plan
  }

  plan(fault: PlannedFault): void {
    this.#plan.push(fault)
  }

  /** Faults that no call met: a test asserts that there are none. */
  unhit(): PlannedFault[] {
    return this.#plan.filter((fault) => !this.#hit.has(fault))
  }

  async open(path: string, mode: Parameters<FileSystem['open']>[1]): Promise<OpenFile> {
    this.#meet('open', path)
    const file = await systemFileSystem.open(path, mode)
    return {
      write: async (data, position) => {
        const short = this.#meet('file.write', path) === 'short'
        return file.write(short ? data.subarray(0, data.length >> 1) : data, position)
      },
      read: async (into, position) => (this.#meet('file.read', path), file.read(into, position)),
      datasync: async () => (this.#meet('file.datasync', path), file.datasync()),
      sync: async () => (this.#meet('file.sync', path), file.sync()),
      truncate: async (length) => (this.#meet('file.truncate', path), file.truncate(length)),
      size: async () => (this.#meet('file.size', path), file.size()),
      close: async () => file.close(),
    }
  }

  async readFile(path: string): Promise<Buffer> {
    this.#meet('readFile', path)
    return systemFileSystem.readFile(path)
  }

  async stat(path: string): ReturnType<FileSystem['stat']> {
    this.#meet('stat', path)
    return systemFileSystem.stat(path)
  }

  async space(path: string): ReturnType<FileSystem['space']> {
    this.#meet('space', path)
    return systemFileSystem.space(path)
  }

  async readFolder(path: string): ReturnType<FileSystem['readFolder']> {
    this.#meet('readFolder', path)
    return systemFileSystem.readFolder(path)
  }

  async makeFolder(path: string): Promise<boolean> {
    this.#meet('makeFolder', path)
    return systemFileSystem.makeFolder(path)
  }

  async rename(from: string, to: string): Promise<void> {
    this.#meet('rename', from)
    return systemFileSystem.rename(from, to)
  }

  async unlink(path: string): Promise<void> {
    this.#meet('unlink', path)
    return systemFileSystem.unlink(path)
  }

  async syncFolder(path: string): Promise<void> {
    this.#meet('syncFolder', path)
    return systemFileSystem.syncFolder(path)
  }

  #meet(call: PlannedFault['call'], path: string): FileFault | undefined {
    this.calls.push(call)
    for (const planned of this.#plan) {
      const counts = planned.call === 'any' || planned.call === call
      if (!counts || planned.path?.test(path) === false) continue
      const count = (this.#counts.get(planned) ?? 0) + 1
      this.#counts.set(planned, count)
      if (planned.lasting ? count < planned.at : count !== planned.at) continue
      this.#hit.add(planned)
      if (planned.fault === 'short') return 'short'
      throw Object.assign(new Error(`planned ${planned.fault}`), { code: planned.fault })
    }
    return undefined
  }
}

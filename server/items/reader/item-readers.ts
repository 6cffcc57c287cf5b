import { closeDisks, openDisks } from '../open-disks.ts'
import type { PointDisk, PointDiskDeps } from '../point-disk.ts'
import { READER_LIMITS, type ProcessLimits } from './process-limits.ts'
import type { ItemAnswer, ItemRequest } from './protocol.ts'
import { ReaderProcess } from './reader-process.ts'

/** Idle processes that stay for the next request about their point: it need not open it again. */
const MOST_IDLE = 3
const IDLE_MS = 60_000
/** Who looks into one point looks into others: a process is ready for them, so long after the last one. */
const SPARE_MS = 600_000

interface Idle {
  readonly point: string
  readonly reader: ReaderProcess
  readonly timer: NodeJS.Timeout
}

/** Answers about files inside of points. Each request has a process of its own while it runs. */
export class ItemReaders {
  readonly #deps: PointDiskDeps
  readonly #limits: ProcessLimits
  readonly #idle: Idle[] = []
  #spare: { readonly reader: ReaderProcess; readonly timer: NodeJS.Timeout } | undefined
  #isClosed = false

  constructor(deps: PointDiskDeps, limits: ProcessLimits = READER_LIMITS) {
    this.#deps = deps
    this.#limits = limits
  }

  async *ask(point: string, request: ItemRequest): AsyncGenerator<ItemAnswer> {
    const disks = await openDisks(this.#deps, point, 'files')
    try {
      const reader = this.#reader(point, disks)
      yield* reader.ask(request)
      if (reader.isAlive) this.#keep(point, reader)
    } finally {
      this.#prepareSpare()
      await closeDisks(disks)
    }
  }

  /** What the points' disks are read with, for those who go through several points. */
  get deps(): PointDiskDeps {
    return this.#deps
  }

  /** What waits for requests ends; those that are under way end with their calls. */
  close(): void {
    this.#isClosed = true
    this.#takeSpare()?.kill()
    for (const { reader, timer } of this.#idle.splice(0)) {
      clearTimeout(timer)
      reader.kill()
    }
  }

  #reader(point: string, disks: readonly PointDisk[]): ReaderProcess {
    const opened = disks.map((disk) => ({ name: disk.name, reader: disk }))
    const at = this.#idle.findIndex((idle) => idle.point === point && idle.reader.isAlive)
    const [kept] = at < 0 ? [] : this.#idle.splice(at, 1)
    if (kept) {
      clearTimeout(kept.timer)
      kept.reader.useDisks(opened)
      return kept.reader
    }
    const reader = this.#takeSpare() ?? new ReaderProcess(this.#limits)
    reader.introduce(opened)
    return reader
  }

  /** It has been told of no disk: whatever it reads first, it reads for one point. */
  #prepareSpare(): void {
    if (this.#isClosed) return
    const reader = this.#takeSpare() ?? new ReaderProcess(this.#limits)
    reader.rest()
    const timer = setTimeout(() => this.#takeSpare()?.kill(), SPARE_MS)
    timer.unref()
    this.#spare = { reader, timer }
  }

  #takeSpare(): ReaderProcess | undefined {
    const spare = this.#spare
    this.#spare = undefined
    clearTimeout(spare?.timer)
    return spare?.reader.isAlive ? spare.reader : undefined
  }

  #keep(point: string, reader: ReaderProcess): void {
    reader.rest()
    const timer = setTimeout(() => {
      const at = this.#idle.findIndex((idle) => idle.reader === reader)
      if (at >= 0) this.#idle.splice(at, 1)
      reader.kill()
    }, IDLE_MS)
    timer.unref()
    this.#idle.push({ point, reader, timer })
    if (this.#idle.length <= MOST_IDLE) return
    const oldest = this.#idle.shift()
    clearTimeout(oldest?.timer)
    oldest?.reader.kill()
  }
}

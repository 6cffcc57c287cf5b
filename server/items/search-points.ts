import type { FoundEntry, SearchAnswer } from '../../core/filesystem/browse/search-volumes.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { PointView } from '../catalog/points.ts'
import { closeDisks, openDisks } from './open-disks.ts'
import type { PointDisk, PointDiskDeps } from './point-disk.ts'
import { READER_LIMITS } from './reader/process-limits.ts'
import { ReaderProcess } from './reader/reader-process.ts'
import { recorded, TouchedChunks, type Unlike } from './recorded-disk.ts'
import { SharedChunks } from './shared-chunks.ts'
import { unlikeRanges } from './unlike-ranges.ts'

export interface PointSearch {
  readonly pattern: Uint8Array
  readonly ignoreCase: boolean
  readonly disk: string | undefined
}

export type PointSearchAnswer =
  /** A version of a file, and the first point that has it; `number` names it from here on. */
  | {
      readonly found: FoundEntry
      readonly number: number
      readonly volume: string
      readonly point: string
    }
  /** Further points that have versions which are known already. */
  | { readonly again: readonly number[]; readonly point: string }
  | { readonly warnings: readonly string[] }
  /** All of this point is told. `reused`: volumes in which nothing that is read had changed. */
  | { readonly searched: string; readonly walked: number; readonly reused: number }

/** What one volume of the last point held, and what was read of the disks to learn it. */
interface VolumeState {
  readonly numbers: number[]
  readonly touched: TouchedChunks
}

const SHARED_BYTES = 96 * 1024 * 1024
const CACHE_BYTES = 16 * 1024 * 1024
/** Versions that are told apart: about 30 MiB. */
const MOST_VERSIONS = 100_000

/**
 * Looks for names in points, one after another, each version of a file told once. Of a volume of
 * which nothing that was read has changed since the point before, nothing is read again; what else the
 * points have in common is read once.
 */
export async function* searchPoints(
  deps: PointDiskDeps,
  points: readonly PointView[],
  search: PointSearch,
  signal: AbortSignal,
): AsyncGenerator<PointSearchAnswer> {
  const searcher = new Searcher(deps, search, signal)
  try {
    for (const point of points) {
      signal.throwIfAborted()
      yield* searcher.point(point)
    }
  } finally {
    searcher.close()
  }
}

class Searcher {
  readonly #deps: PointDiskDeps
  readonly #search: PointSearch
  readonly #signal: AbortSignal
  readonly #shared = new SharedChunks(SHARED_BYTES)
  readonly #numbers = new Map<string, number>()
  #reader: ReaderProcess | undefined
  #last: { readonly version: number; readonly volumes: Map<string, VolumeState> } | undefined

  constructor(deps: PointDiskDeps, search: PointSearch, signal: AbortSignal) {
    this.#deps = deps
    this.#search = search
    this.#signal = signal
  }

  close(): void {
    this.#reader?.kill()
  }

  async *point({ id, version }: PointView): AsyncGenerator<PointSearchAnswer> {
    if (version === null) return
    const options = { cacheBytes: CACHE_BYTES, shared: this.#shared }
    const disks = await openDisks(this.#deps, id, 'search', options)
    try {
      const kept = await this.#keptVolumes(version)
      const again = [...kept.values()].flatMap(({ numbers }) => numbers)
      if (again.length > 0) yield { again, point: id }
      const volumes = new Map(kept)
      let walked = 0
      for await (const answer of this.#read(disks, volumes, [...kept.keys()]))
        if ('walked' in answer.answer) {
          walked += answer.answer.walked
          yield* this.#found(answer.answer.found, answer.volume, volumes, id)
        } else if ('warnings' in answer.answer) yield { warnings: answer.answer.warnings }
      this.#last = { version, volumes }
      yield { searched: id, walked, reused: kept.size }
    } catch (error) {
      // One point that cannot be read says nothing of the others.
      this.#signal.throwIfAborted()
      const { code, message } = toHoldfastError(error)
      if (code === 'invalid-argument') throw error
      this.#last = undefined
      yield { warnings: [`point ${id}: ${message}`] }
    } finally {
      await closeDisks(disks)
    }
  }

  /** Of the volumes of the last point: those that are known to hold the same here. */
  async #keptVolumes(version: number): Promise<Map<string, VolumeState>> {
    if (!this.#last) return new Map()
    const unlike: Unlike = await unlikeRanges(
      this.#deps.database,
      this.#last.version,
      version,
      this.#signal,
    )
    return new Map([...this.#last.volumes].filter(([, { touched }]) => !touched.meets(unlike)))
  }

  async *#read(
    disks: readonly PointDisk[],
    volumes: Map<string, VolumeState>,
    passOver: readonly string[],
  ): AsyncGenerator<{ answer: SearchAnswer; volume: string }> {
    // Tables of partitions, and what tells file systems apart, are read before any volume is named.
    const common = new TouchedChunks()
    const sizes = new Map(disks.map(({ name, chunkBytes }) => [name, chunkBytes]))
    let touched: readonly TouchedChunks[] = [common]
    let volume = ''
    const note = (name: string, first: number, last: number) => {
      for (const one of touched) one.add(name, first, last)
    }
    const reader = (this.#reader = this.#reader?.isAlive
      ? this.#reader
      : new ReaderProcess(READER_LIMITS))
    reader.introduce(disks.map((disk) => ({ name: disk.name, reader: recorded(disk, note) })))
    const { pattern, ignoreCase, disk } = this.#search
    const request = { kind: 'search' as const, pattern, ignoreCase, passOver, disk }
    for await (const answer of reader.ask(request)) {
      this.#signal.throwIfAborted()
      if (!('searched' in answer)) continue
      const { searched } = answer
      if ('volume' in searched) {
        volume = searched.volume
        const touchedBefore = common.without(searched.foreign, sizes)
        const state = { numbers: [], touched: touchedBefore }
        touched = [state.touched]
        volumes.set(volume, state)
      } else yield { answer: searched, volume }
    }
  }

  *#found(
    entries: readonly FoundEntry[],
    volume: string,
    volumes: ReadonlyMap<string, VolumeState>,
    point: string,
  ): Generator<PointSearchAnswer> {
    const again: number[] = []
    for (const found of entries) {
      const key = versionKey(volume, found)
      const known = this.#numbers.get(key)
      const number = known ?? this.#numbers.size
      if (number >= MOST_VERSIONS) throw tooMany()
      this.#numbers.set(key, number)
      volumes.get(volume)?.numbers.push(number)
      if (known === undefined) yield { found, number, volume, point }
      else again.push(number)
    }
    if (again.length > 0) yield { again, point }
  }
}

/** Two with the same are one version: nobody can set the time of change. */
function versionKey(volume: string, { path, type, status, sizeBytes, id }: FoundEntry): string {
  const times = [status?.modifiedAt ?? '', status?.changedAt ?? '']
  return [volume, Buffer.from(path).toString('latin1'), type, sizeBytes, ...times, id].join('\0')
}

function tooMany(): HoldfastError {
  return new HoldfastError('invalid-argument', `more than ${MOST_VERSIONS} versions were found`, {
    hint: 'Give a pattern that fewer names fit.',
  })
}

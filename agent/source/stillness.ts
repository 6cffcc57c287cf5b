import { watch, type FSWatcher } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { blockDeviceSize, deviceNumber, writeCounts } from './block-device.ts'
import type { SearchPath } from './find-tool.ts'
import { findWriters, type Writers } from './open-files.ts'
import type { Evidence, Settlement } from './source.ts'

/** What may change when a file does. Equal pictures prove nothing; different ones prove a change. */
interface Picture {
  /** What the path leads to; another means that the file was replaced. */
  readonly identity: string
  readonly size: string
  readonly times: string
}

/**
 * Watches over the files of a view from before the first read on, to say afterwards whether all of
 * it was one instant. It was, when nobody could write to them at the start and at the end and nothing
 * showed a change between; or when two whole passes gave the same bytes. File times count only
 * against it.
 */
export class Stillness {
  readonly #paths: readonly string[]
  readonly #searchPath: SearchPath
  readonly #watchers: FSWatcher[] = []
  readonly #written = new Set<string>()
  #isWatching = true
  #pictures: Picture[] = []
  #writers: Writers[] = []

  private constructor(paths: readonly string[], searchPath: SearchPath) {
    this.#paths = paths
    this.#searchPath = searchPath
  }

  static async begin(paths: readonly string[], searchPath: SearchPath): Promise<Stillness> {
    const stillness = new Stillness(paths, searchPath)
    for (const path of paths) stillness.#watch(path)
    stillness.#pictures = await Promise.all(paths.map(pictureOf))
    stillness.#writers = await findWriters(paths, searchPath)
    return stillness
  }

  /** Who could write to these files when it began, or was renewed; one answer each. */
  writersOf(files: readonly string[]): Writers[] {
    return files.flatMap((file) => this.#writers[this.#paths.indexOf(file)] ?? [])
  }

  #watch(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, () => {
        this.#written.add(path)
      })
      watcher.on('error', () => {
        this.#isWatching = false
      })
      this.#watchers.push(watcher)
    } catch {
      this.#isWatching = false // no inotify left on this host: a second pass has to prove it
    }
  }

  /** Before a further pass: from now on only what changes from now on counts, but for the size. */
  async renew(): Promise<void> {
    const pictures = await Promise.all(this.#paths.map(pictureOf))
    await delivered()
    const replaced = this.#replacement(pictures)
    if (replaced !== undefined)
      throw new HoldfastError('source-unsettled', replaced, { hint: 'take the point again' })
    this.#written.clear()
    this.#pictures = await Promise.all(this.#paths.map(pictureOf))
    this.#writers = await findWriters(this.#paths, this.#searchPath)
  }

  async verdict(evidence: Evidence): Promise<Settlement> {
    const writers = await findWriters(this.#paths, this.#searchPath)
    const pictures = await Promise.all(this.#paths.map(pictureOf))
    await delivered()
    const replaced = this.#replacement(pictures)
    if (replaced !== undefined) return { settled: false, reason: replaced }
    const doubt = this.#doubt(pictures, writers)
    if (doubt === undefined) return { settled: true, consistency: 'cold' }
    if (evidence.equalPass) return { settled: true, consistency: 'crash' }
    return { settled: false, reason: doubt }
  }

  #replacement(pictures: readonly Picture[]): string | undefined {
    for (const [index, path] of this.#paths.entries()) {
      const [before, after] = [this.#pictures[index], pictures[index]]
      if (before?.identity !== after?.identity)
        return `${path} was replaced or removed while it was read`
      if (before?.size !== after?.size)
        return `${path} changed its size while it was read: ${before?.size} bytes, now ${after?.size}`
    }
    return undefined
  }

  #doubt(pictures: readonly Picture[], writers: readonly Writers[]): string | undefined {
    for (const [index, path] of this.#paths.entries()) {
      const seen = [this.#writers[index], writers[index]]
      const writer = seen.find((one) => one?.state === 'open')
      if (writer) return `${path} is open for writing by ${writer.who}`
      if (this.#written.has(path) || this.#pictures[index]?.times !== pictures[index]?.times)
        return `${path} was written while it was read`
      const unknown = seen.find((one) => one?.state === 'unknown')
      if (unknown) return `nobody can tell whether ${path} was written: ${unknown.who}`
    }
    return this.#isWatching ? undefined : 'this host has no inotify watches left to notice writers'
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close()
  }
}

/** Events that the kernel has queued are delivered in the next turns of the event loop. */
async function delivered(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await turn()
}

async function pictureOf(path: string): Promise<Picture> {
  const status = await stat(path, { bigint: true }).catch(() => undefined)
  if (!status) return { identity: 'missing', size: '', times: '' }
  const number = await deviceNumber(path)
  if (number !== undefined) return devicePicture(path, number)
  const identity = `${status.dev} ${status.ino}`
  return { identity, size: String(status.size), times: `${status.mtimeNs} ${status.ctimeNs}` }
}

/** A device has no times worth a look, but it counts its writes; those on their way are flushed first. */
async function devicePicture(path: string, number: string): Promise<Picture> {
  const handle = await open(path)
  try {
    await handle.datasync()
    const size = String(await blockDeviceSize(path))
    return { identity: number, size, times: await writeCounts(number) }
  } finally {
    await handle.close()
  }
}

import { watch, type FSWatcher } from 'node:fs'
import type { Clock } from '../../core/runtime/clock.ts'

/** Network file systems tell nothing, and inotify may run out: so often things are looked at anyway. */
const POLL_MS = 60_000
/** What comes in a burst, such as a folder being filled, is told once. */
const SETTLE_MS = 500
/** inotify watches are shared by everything that this user runs; the poll serves the folders beyond. */
const MOST_FOLDERS = 1000

/** Tells when the content of folders may have changed: names that come and go, not bytes written. */
export class FolderWatch {
  readonly #clock: Clock
  readonly #watchers = new Map<string, FSWatcher>()
  #tell: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The folders that the last scan saw; new ones are watched from now on. */
  set folders(folders: readonly string[]) {
    const wanted = new Set(folders.slice(0, MOST_FOLDERS))
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#add(folder)
  }

  start(changed: () => void): () => void {
    const stop = new AbortController()
    let isPending = false
    this.#tell = () => {
      if (isPending) return
      isPending = true
      void this.#after(SETTLE_MS, stop.signal, () => {
        isPending = false
        changed()
      })
    }
    void this.#poll(changed, stop.signal)
    return () => {
      stop.abort()
      this.#tell = undefined
      this.folders = []
    }
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (event) => {
        if (event === 'rename') this.#tell?.()
      })
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(folder)
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // It vanished, or there are no watches left: the poll finds out.
    }
  }

  async #poll(changed: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#after(POLL_MS, signal, changed)
  }

  async #after(ms: number, signal: AbortSignal, act: () => void): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal)
    } catch {
      return // stopped
    }
    act()
  }
}

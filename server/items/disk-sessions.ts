import { HoldfastError } from '../../core/model/error.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'
import { DiskMap } from './disk-map.ts'
import { holdDisk, type HoldDeps, type WantedDisk } from './hold-disk.ts'

/** A disk that somebody outside reads, until they say that they are done or are gone. */
export interface DiskSession {
  readonly id: string
  readonly version: number
  readonly disk: VersionDiskRow
  readonly map: DiskMap
  close(): Promise<void>
}

/** Each costs some MiB of maps; nobody needs more at once. */
const MOST_SESSIONS = 64

/** The disks that operators have open in this process, each for the one who opened it. */
export class DiskSessions {
  readonly #deps: HoldDeps
  readonly #sessions = new Map<string, { owner: string; session: DiskSession }>()

  constructor(deps: HoldDeps) {
    this.#deps = deps
  }

  async open(owner: string, wanted: WantedDisk): Promise<DiskSession> {
    if (this.#sessions.size >= MOST_SESSIONS)
      throw new HoldfastError('source-in-use', `${MOST_SESSIONS} disks are open already`, {
        hint: 'End exports that nobody uses.',
      })
    const held = await holdDisk(this.#deps, wanted)
    const { id, version, disk } = held
    const map = new DiskMap(this.#deps.database, version, disk)
    const close = () => {
      this.#sessions.delete(id)
      return held.release()
    }
    const session = { id, version, disk, map, close }
    this.#sessions.set(id, { owner, session })
    return session
  }

  get(owner: string, id: string): DiskSession {
    const known = this.#sessions.get(id)
    if (known?.owner === owner) return known.session
    throw new HoldfastError('not-found', `no disk is open as ${id}`, {
      hint: 'It was closed, or the server has been started anew: open it again.',
    })
  }
}

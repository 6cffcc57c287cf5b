import { constants } from 'node:fs'
import { open, readdir, realpath, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { toHoldfastError } from '../../../core/model/error.ts'
import type { Clock } from '../../../core/runtime/clock.ts'
import { failpoint } from '../../../core/runtime/failpoint.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import { CloneNames } from './clone-names.ts'
import { CloneRecords, type CloneRecord, type KeptClone } from './clone-records.ts'
import { isShort } from './clone-space.ts'
import { identityOf, type CloneableImage, type ImageClone, type NoClone } from './image-clone.ts'

/** Room is looked after so often; a fast disk writes some gigabytes meanwhile. */
const LOOK_MS = 2_000
/** No source that is still protected waits so long, and its next point would be read whole anyway. */
const LONGEST_KEPT_MS = 14 * 24 * 3600 * 1000

/** Why there is no clone that counts from a version. Stable words: they show as transferReason. */
export type NoRecord = 'clone-absent' | 'clone-changed' | 'clone-of-another-disk'

export interface ClonesOptions {
  readonly dataFolder: string
  readonly identity: { readonly serverId: string; readonly hostId: string }
  readonly clock: Clock
  readonly log: Logger
}

/**
 * The clones that this agent has beside images: one an image that its next change record counts
 * from, and those that are being read. A clone becomes the record only once its version is
 * acknowledged; until then the one before it stays.
 */
export class Clones {
  readonly #records: CloneRecords
  readonly #names: CloneNames
  readonly #clock: Clock
  readonly #log: Logger
  readonly #taken = new Set<ImageClone>()

  constructor({ dataFolder, identity, clock, log }: ClonesOptions) {
    this.#records = new CloneRecords(dataFolder)
    this.#names = new CloneNames(identity)
    this.#clock = clock
    this.#log = log
  }

  /** One right after the other. All of them or none. */
  async take(images: readonly CloneableImage[]): Promise<ImageClone[] | NoClone> {
    for (const image of images) {
      if (await isShort(`/proc/self/fd/${image.folder.handle.fd}`, 'plenty')) return 'clone-no-room'
      if (await image.isFragmented()) return 'clone-fragmented'
      await this.#announce(image)
    }
    const clones: ImageClone[] = []
    try {
      for (const image of images) {
        const clone = await image.clone(this.#names.taking(image.name))
        if (!clone) break
        clones.push(clone)
        this.#taken.add(clone)
      }
      if (clones.length === images.length) {
        for (const clone of clones) await clone.secure()
        return clones
      }
    } catch (error) {
      await this.release(clones)
      throw error
    }
    await this.release(clones)
    return 'clone-failed'
  }

  /** What is written down before the first clone: where to look for what a crash leaves. */
  async #announce(image: CloneableImage): Promise<void> {
    const place = this.#placeOf(image)
    const record = await this.#records.of(place.folder, place.prefix)
    if (record) await this.#tidy(record)
    else await this.#records.put(place)
  }

  /** Closes clones and removes those that are no record. */
  async release(clones: readonly ImageClone[]): Promise<void> {
    for (const clone of clones) {
      if (this.#taken.delete(clone)) await clone.remove()
      await clone.handle.close()
    }
  }

  /** From now on the image's changes count from this clone, which is what the version holds as `disk`. */
  async keep(clone: ImageClone, versionUid: string, disk: string): Promise<void> {
    if (clone.isGivenUp) return
    const place = this.#placeOf(clone.image)
    this.#taken.delete(clone)
    const takenAt = new Date(this.#clock.now()).toISOString()
    const kept = await clone.keepAs(this.#names.of(clone.image.name, versionUid))
    await failpoint('clone.before-record')
    const record = { ...place, kept: { ...kept, versionUid, disk, takenAt } }
    await this.#records.put(record)
    await this.#tidy(record)
  }

  /** The clone that changes count from, open, if it is what it was, and of what its version has as `disk`. */
  async recordOf(image: CloneableImage, disk: string): Promise<OpenRecord | NoRecord> {
    const { folder, prefix } = this.#placeOf(image)
    const kept = (await this.#records.of(folder, prefix))?.kept
    if (!kept) return 'clone-absent'
    // Two disks of a VM that changed places: this one's clone holds the other's bytes of that version.
    if (kept.disk !== undefined && kept.disk !== disk) return 'clone-of-another-disk'
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const handle = await open(image.folder.within(Buffer.from(kept.name)), flags).catch(() => {})
    if (!handle) return 'clone-absent'
    const record = new OpenRecord(handle, kept)
    if (await record.isUntouched()) return record
    await record.close()
    return 'clone-changed'
  }

  /** An image whose changes are counted in another way from now on: its clone only costs room. */
  async drop(path: string): Promise<void> {
    const real = await realpath(path).catch(() => undefined)
    if (real === undefined) return
    const record = await this.#records.of(dirname(real), this.#names.prefix(basename(real)))
    if (record?.kept) await this.#forget(record)
  }

  #placeOf({ folder, name }: CloneableImage): Pick<CloneRecord, 'folder' | 'prefix'> {
    return { folder: folder.name.toString(), prefix: this.#names.prefix(name) }
  }

  /** Removes what a killed agent left. With `keepNone` the records too, for an agent that makes none. */
  async cleanUp(keepNone = false): Promise<void> {
    for (const record of await this.#records.all()) {
      if (keepNone) await this.#forget(record)
      await this.#tidy(record)
    }
  }

  async #tidy({ folder, prefix, kept }: CloneRecord): Promise<void> {
    const wanted = new Set([...this.#taken].map(({ name }) => name))
    for (const name of await readdir(folder).catch(() => []))
      if (name.startsWith(prefix) && name !== kept?.name && !wanted.has(name))
        await unlink(join(folder, name)).catch((error: unknown) => {
          const { message: reason } = toHoldfastError(error)
          this.#log.warn('a clone that is not needed any more stays', { folder, name, reason })
        })
  }

  async #forget({ folder, prefix, kept }: CloneRecord): Promise<void> {
    if (kept) await this.#records.put({ folder, prefix })
    await this.#tidy({ folder, prefix })
  }

  /** Looks after room and age until it is ended. */
  watch(): () => Promise<void> {
    const stop = new AbortController()
    const ended = (async () => {
      for (;;) {
        await this.#clock.sleep(LOOK_MS, stop.signal).catch(() => {})
        if (stop.signal.aborted) return
        await this.#look().catch((error: unknown) => {
          const { message: reason } = toHoldfastError(error)
          this.#log.warn('clones of images cannot be looked after', { reason })
        })
      }
    })()
    return async () => {
      stop.abort()
      await ended
    }
  }

  async #look(): Promise<void> {
    for (const record of await this.#records.all()) {
      const { folder, kept } = record
      if (!kept) continue
      const isOld = this.#clock.now() - Date.parse(kept.takenAt) > LONGEST_KEPT_MS
      if (!isOld && !(await isScarce(folder))) continue
      this.#log.warn('a clone goes: the next point of its image is compared', {
        ...{ folder, clone: kept.name, reason: isOld ? 'it is old' : 'there is little room left' },
      })
      await this.#forget(record)
    }
    for (const clone of this.#taken) {
      const { folder, path } = clone.image
      if (clone.isGivenUp || !(await isScarce(folder.name.toString()))) continue
      this.#log.warn('a clone that is being read goes: there is little room left', { image: path })
      await clone.giveUp()
    }
  }
}

async function isScarce(folder: string): Promise<boolean> {
  return isShort(folder, 'scarce').catch(() => false) // not mounted now
}

/** A clone that changes count from, open. */
export class OpenRecord {
  readonly handle: FileHandle
  readonly #kept: KeptClone

  constructor(handle: FileHandle, kept: KeptClone) {
    this.handle = handle
    this.#kept = kept
  }

  get versionUid(): string {
    return this.#kept.versionUid
  }

  get sizeBytes(): number {
    return this.#kept.sizeBytes
  }

  /** Nobody has written to it, cut it, or put another into its place since it was kept. */
  async isUntouched(): Promise<boolean> {
    const status = await this.handle.stat({ bigint: true })
    const now = identityOf(status)
    const { inode, changedNs, sizeBytes } = this.#kept
    const isSame = now.inode === inode && now.changedNs === changedNs && now.sizeBytes === sizeBytes
    return status.isFile() && isSame
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}

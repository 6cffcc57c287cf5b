import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { errorCode, removeIfThere, type FileSystem } from '../../core/runtime/file-system.ts'
import type { Random } from '../../core/runtime/random.ts'
import { keepBallast, withBallast } from './ballast.ts'
import type { VolumeSpace } from './chunk-store.ts'
import { MAX_PACK_BYTES } from './pack-format.ts'
import { DIRECT_UNIT } from '../../core/runtime/aligned-memory.ts'
import type { StagingPool } from './staging.ts'
import { storeFull } from './store-error.ts'
import { readVolumeMarker, type VolumeMarker } from './store-marker.ts'
import { lockVolume, type VolumeLock } from './volume-lock.ts'

/** Kept free on each volume so that deletion, compaction and restores go on when it is full. */
export const DEFAULT_RESERVE_BYTES = 64 * 1024 * 1024 + 2 * MAX_PACK_BYTES

const PROBE_FILE = '.direct-write.new'

/** One folder of a store, locked by this process. */
export class Volume {
  readonly path: string
  readonly uid: string
  /** Does its file system take direct writes? Found by trying. */
  readonly direct: boolean
  readonly #files: FileSystem
  readonly #reserve: number
  readonly #lock: VolumeLock
  readonly #random: Random
  /** Bytes that open packs may still take. */
  #promised = 0

  constructor(
    files: FileSystem,
    path: string,
    more: { uid: string; direct: boolean; reserve: number; lock: VolumeLock; random: Random },
  ) {
    this.#files = files
    this.path = path
    this.uid = more.uid
    this.direct = more.direct
    this.#reserve = more.reserve
    this.#lock = more.lock
    this.#random = more.random
  }

  async space(): Promise<VolumeSpace> {
    const { uid, path } = this
    try {
      const { totalBytes, freeBytes } = await this.#files.space(path)
      return { uid, path, state: 'writable', totalBytes, freeBytes }
    } catch {
      return { uid, path, state: 'offline', totalBytes: 0, freeBytes: 0 }
    }
  }

  /** Bytes that a transfer may still take, and those that it would need for one pack more. */
  async room(fromReserve = false): Promise<{ freeBytes: number; neededBytes: number }> {
    const { freeBytes } = await this.space()
    const reserve = fromReserve ? 0 : this.#reserve
    return { freeBytes, neededBytes: reserve + this.#promised + MAX_PACK_BYTES }
  }

  /** Sets a pack's bytes aside until the returned function is called. */
  async promise(fromReserve: boolean): Promise<() => void> {
    const { freeBytes, neededBytes } = await this.room(fromReserve)
    if (freeBytes < neededBytes) throw noRoom(this.path, freeBytes, neededBytes)
    this.#promised += MAX_PACK_BYTES
    return () => {
      this.#promised -= MAX_PACK_BYTES
    }
  }

  /** Throws 'store-missing' when the store below is not there any more: unmounted, or replaced. */
  async checkPresent(): Promise<void> {
    const { volume } = await readVolumeMarker(this.#files, this.path)
    if (volume !== this.uid)
      throw new HoldfastError('store-missing', `${this.path} is now another volume: ${volume}`)
  }

  /** Lays the ballast down where it is absent and there is room for it. */
  keepBallast(): Promise<void> {
    return keepBallast(this.#files, this.path, this.#random)
  }

  /** For what makes room, and is small: goes on where no byte is free. */
  withBallast(write: () => Promise<void>): Promise<void> {
    return withBallast(this.#files, this.path, write)
  }

  release(): Promise<void> {
    return this.#lock.release()
  }
}

export function noRoom(where: string, freeBytes: number, neededBytes: number): HoldfastError {
  const text = `${where} has ${mib(freeBytes)} MiB free; a pack more needs ${mib(neededBytes)} MiB`
  return storeFull(`${text}, the reserve included`, { freeBytes, neededBytes })
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

export interface VolumeOptions {
  readonly files: FileSystem
  readonly random: Random
  readonly pool: StagingPool
  readonly reserveBytes: number
  /** Never past the page cache, whatever the file system can do. */
  readonly buffered: boolean
}

/** Reads the marker, takes the lock and tries a direct write. The caller judges the marker. */
export async function openVolume(
  path: string,
  options: VolumeOptions,
): Promise<{ volume: Volume; marker: VolumeMarker }> {
  const { files, random, reserveBytes: reserve } = options
  const marker = await readVolumeMarker(files, path)
  const lock = await lockVolume(files, path, random)
  try {
    const direct = !options.buffered && (await takesDirectWrites(files, path, options.pool))
    const volume = new Volume(files, path, { uid: marker.volume, direct, reserve, lock, random })
    return { volume, marker }
  } catch (error) {
    await lock.release()
    throw error
  }
}

const REFUSALS = new Set(['EINVAL', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSPC', 'EDQUOT'])

async function takesDirectWrites(
  files: FileSystem,
  folder: string,
  pool: StagingPool,
): Promise<boolean> {
  const path = join(folder, PROBE_FILE)
  const memory = pool.take()
  await removeIfThere(files, path)
  try {
    await (await files.open(path, 'create')).close()
    const file = await files.open(path, 'write-direct')
    try {
      return (await file.write(memory.subarray(0, DIRECT_UNIT), 0)) === DIRECT_UNIT
    } finally {
      await file.close()
    }
  } catch (error) {
    if (REFUSALS.has(errorCode(error) ?? '')) return false
    throw error
  } finally {
    pool.give(memory)
    await removeIfThere(files, path)
  }
}

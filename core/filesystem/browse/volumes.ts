import { HoldfastError, toHoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { unsupported } from '../damaged.ts'
import type { GuestFileSystem } from '../file-system.ts'
import { contentName, isReadable, openFileSystem } from '../open.ts'
import type { Partition } from '../partitions/partition.ts'
import { readPartitionTable } from '../partitions/table.ts'
import { probe, type ContentKind } from '../probe.ts'
import { slice } from '../slice.ts'

export interface NamedDisk {
  readonly name: string
  readonly reader: ByteReader
}

/** One partition of one disk, or a whole disk without partitions. */
export interface GuestVolume {
  /** `DISK:PARTITION`, or `DISK` where that is not divided: what stands before `:/path`. */
  readonly name: string
  readonly disk: string
  readonly partition: Partition
  readonly content: ContentKind
  readonly isReadable: boolean
}

/** All that the disks of a point hold. File systems are opened when they are first asked for. */
export class GuestVolumes {
  readonly #disks: readonly NamedDisk[]
  readonly #opened = new Map<string, Promise<GuestFileSystem>>()
  #found: Promise<GuestVolume[]> | undefined
  readonly warnings: string[] = []

  constructor(disks: readonly NamedDisk[]) {
    this.#disks = disks
  }

  /** In the order of disks and partitions. */
  all(): Promise<readonly GuestVolume[]> {
    return (this.#found ??= this.#find())
  }

  open(volume: GuestVolume): Promise<GuestFileSystem> {
    const opened = this.#opened.get(volume.name) ?? this.#open(volume)
    this.#opened.set(volume.name, opened)
    return opened
  }

  async #open({ disk: name, partition, content }: GuestVolume): Promise<GuestFileSystem> {
    const disk = this.#disks.find((one) => one.name === name)
    if (!disk) throw new HoldfastError('not-found', `there is no disk ${name}`)
    const part = slice(disk.reader, partition.offset, partition.sizeBytes)
    return openFileSystem(part, content, volumeText(name, partition))
  }

  async #find(): Promise<GuestVolume[]> {
    const found: GuestVolume[] = []
    for (const disk of this.#disks) found.push(...(await this.#findOn(disk)))
    return found
  }

  /** A disk with a broken partition table does not hide the others. */
  async #findOn({ name, reader }: NamedDisk): Promise<GuestVolume[]> {
    try {
      const { partitions, warnings } = await readPartitionTable(reader)
      this.warnings.push(...warnings.map((warning) => `disk ${name}: ${warning}`))
      const found: GuestVolume[] = []
      for (const partition of partitions) {
        const part = slice(reader, partition.offset, partition.sizeBytes)
        const content = await probe(part)
        const full = partition.number === 0 ? name : `${name}:${partition.number}`
        found.push({ name: full, disk: name, partition, content, isReadable: isReadable(content) })
      }
      return found
    } catch (error) {
      const { code, message } = toHoldfastError(error)
      if (code !== 'filesystem-damaged') throw error
      this.warnings.push(`disk ${name}: ${message}`)
      return []
    }
  }
}

export function volumeText(disk: string, { number }: Pick<Partition, 'number'>): string {
  return number === 0 ? `disk ${disk}` : `partition ${number} of disk ${disk}`
}

/** Why there is nothing to look into. */
export function nothingReadable(volumes: readonly GuestVolume[]): HoldfastError {
  const held = volumes.map(
    ({ disk, partition, content }) =>
      `${volumeText(disk, partition)} holds ${contentName(content)}`,
  )
  return unsupported(`no file system that can be read here: ${held.join('; ') || 'no partitions'}`)
}

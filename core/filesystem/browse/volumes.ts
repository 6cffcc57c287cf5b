import { toHoldfastError, type HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { unsupported } from '../damaged.ts'
import type { GuestFileSystem } from '../file-system.ts'
import { findGroups, type FoundVolume } from '../lvm/find-groups.ts'
import { rowsOf } from '../lvm/logical-volume.ts'
import { contentName, isReadable, openFileSystem } from '../open.ts'
import { partitionContent } from '../partition-content.ts'
import type { Partition } from '../partitions/partition.ts'
import { readPartitionTable } from '../partitions/table.ts'
import { probe, type ContentKind } from '../probe.ts'
import { slice } from '../slice.ts'

export interface NamedDisk {
  readonly name: string
  readonly reader: ByteReader
}

/** One partition of one disk, a whole disk without partitions, or a logical volume of LVM2. */
export interface GuestVolume {
  /**
   * `DISK:PARTITION`, `DISK` where that is not divided, `GROUP/VOLUME` where it is a logical one: what
   * stands before `:/path`.
   */
  readonly name: string
  /** On which it lies: several only where it is logical. */
  readonly disks: readonly string[]
  /** Undefined where it is logical. */
  readonly partition: Partition | undefined
  /** `GROUP/VOLUME`. */
  readonly logical: string | undefined
  readonly sizeBytes: number
  readonly content: ContentKind
  /** The same for people, and for the message that refuses it. */
  readonly holds: string
  readonly isReadable: boolean
  /** For messages: `partition 1 of disk a`. */
  readonly where: string
  readonly reader: ByteReader | undefined
  /** Where its bytes lie, in order of the disks' places; undefined where nobody can say. */
  readonly pieces: () => readonly VolumePiece[] | undefined
}

/** A row of bytes of a disk that goes to a volume in runs, `targetStride` apart. */
export interface VolumePiece {
  readonly disk: string
  readonly diskOffset: number
  readonly length: number
  readonly targetOffset: number
  readonly runBytes: number
  readonly targetStride: number
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

  async #open({ content, where, holds, reader }: GuestVolume): Promise<GuestFileSystem> {
    if (!reader) throw unsupported(`${where} holds ${holds}: its files cannot be read here`)
    return openFileSystem(reader, content, where)
  }

  async #find(): Promise<GuestVolume[]> {
    const found: GuestVolume[] = []
    for (const disk of this.#disks) found.push(...(await this.#findOn(disk)))
    const parts = found.filter(({ content }) => content === 'lvm2')
    return parts.length === 0 ? found : [...found, ...(await this.#findLogical(parts))]
  }

  async #findLogical(parts: readonly GuestVolume[]): Promise<GuestVolume[]> {
    const readers = parts.map(({ name, reader }) => ({ name, reader: reader! }))
    const found = await findGroups(readers, this.warnings)
    return uniqueNames(
      await Promise.all(
        found.map((one) => {
          const on = parts.filter(({ name }) => one.on.includes(name))
          return logicalVolume(one, on)
        }),
      ),
    )
  }

  /** A disk with a broken partition table does not hide the others. */
  async #findOn({ name, reader }: NamedDisk): Promise<GuestVolume[]> {
    try {
      const { partitions, warnings } = await readPartitionTable(reader)
      this.warnings.push(...warnings.map((warning) => `disk ${name}: ${warning}`))
      return await Promise.all(partitions.map((one) => partVolume(name, reader, one)))
    } catch (error) {
      const { code, message } = toHoldfastError(error)
      if (code !== 'filesystem-damaged') throw error
      this.warnings.push(`disk ${name}: ${message}`)
      return []
    }
  }
}

async function partVolume(
  disk: string,
  whole: ByteReader,
  partition: Partition,
): Promise<GuestVolume> {
  const { number, offset, sizeBytes } = partition
  const reader = slice(whole, offset, sizeBytes)
  const content = await partitionContent(partition, reader)
  return {
    ...{ name: number === 0 ? disk : `${disk}:${number}`, disks: [disk], partition, sizeBytes },
    ...{ logical: undefined, content, holds: contentName(content), reader },
    isReadable: isReadable(content),
    where: number === 0 ? `disk ${disk}` : `partition ${number} of disk ${disk}`,
    pieces: () => [
      { disk, diskOffset: offset, length: sizeBytes, targetOffset: 0, ...oneRun(sizeBytes) },
    ],
  }
}

function oneRun(length: number) {
  return { runBytes: length, targetStride: length }
}

async function logicalVolume(found: FoundVolume, on: readonly GuestVolume[]): Promise<GuestVolume> {
  const disks = [...new Set(on.flatMap((part) => part.disks))]
  const { reader, sizeBytes } = found
  const logical = `${found.group.name}/${found.name}`
  const { content, refusal } = await logicalContent(found)
  return {
    ...{ name: logical, logical, disks, partition: undefined, sizeBytes, content, reader },
    holds: refusal === undefined ? contentName(content) : `${refusal} of LVM2`,
    isReadable: refusal === undefined && isReadable(content),
    where: `logical volume ${logical}`,
    pieces: () => (reader ? logicalPieces(found, on) : undefined),
  }
}

/** One that lies where nothing is does not hide the others. */
async function logicalContent({ reader, refusal }: FoundVolume) {
  const unknown = { content: 'unknown' as const, refusal }
  if (!reader) return unknown
  try {
    return { content: await probe(reader), refusal }
  } catch (error) {
    const { code, message } = toHoldfastError(error)
    if (code !== 'filesystem-damaged') throw error
    return { ...unknown, refusal: `a damaged volume (${message})` }
  }
}

function logicalPieces(found: FoundVolume, on: readonly GuestVolume[]): VolumePiece[] {
  return rowsOf(found.group, found.volume.segments).map(({ volume, place, ...row }) => {
    const part = on.find(({ name }) => name === found.places.get(volume))
    const start = part?.partition?.offset ?? 0
    return { disk: part?.disks[0] ?? '', diskOffset: start + place, ...row }
  })
}

/** Groups of the same name, as in copies of a disk, are told apart by a disk of theirs. */
function uniqueNames(volumes: readonly GuestVolume[]): GuestVolume[] {
  const count = (name: string) => volumes.filter((one) => one.name === name).length
  return volumes.map((one) =>
    count(one.name) > 1 ? { ...one, name: `${one.disks[0] ?? ''}:${one.name}` } : one,
  )
}

/** Why there is nothing to look into. */
export function nothingReadable(volumes: readonly GuestVolume[]): HoldfastError {
  const held = volumes.map(({ where, holds }) => `${where} holds ${holds}`)
  return unsupported(`no file system that can be read here: ${held.join('; ') || 'no partitions'}`)
}

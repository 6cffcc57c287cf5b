import { toHoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { logicalReader, sizeOf } from './logical-volume.ts'
import { readPhysicalVolume, type PhysicalVolume } from './physical-volume.ts'
import { parseGroup, type LogicalVolume, type VolumeGroup } from './volume-group.ts'

/** A disk or partition that holds a physical volume; `name` as people are told of it. */
export interface PhysicalDisk {
  readonly name: string
  readonly reader: ByteReader
}

export interface FoundVolume {
  readonly group: VolumeGroup
  readonly name: string
  readonly volume: LogicalVolume
  readonly sizeBytes: number
  /** Names of the disks and partitions that it lies on. */
  readonly on: readonly string[]
  /** The same by the names that the group's metadata use. */
  readonly places: ReadonlyMap<string, string>
  /** Undefined where `refusal` says why. */
  readonly reader: ByteReader | undefined
  readonly refusal: string | undefined
}

type Labelled = PhysicalVolume & PhysicalDisk

/** The logical volumes of all groups that have parts on these. A damaged group hides no other. */
export async function findGroups(
  disks: readonly PhysicalDisk[],
  warnings: string[],
): Promise<FoundVolume[]> {
  const labelled: Labelled[] = []
  for (const disk of disks) {
    const volume = await attempt(() => readPhysicalVolume(disk.reader), disk.name, warnings)
    if (!volume) continue
    warnings.push(...volume.warnings.map((warning) => `${disk.name}: ${warning}`))
    labelled.push({ ...volume, ...disk })
  }
  const found: FoundVolume[] = []
  for (const group of await newestGroups(labelled, warnings))
    for (const volume of group.logical) {
      const what = `${group.name}/${volume.name}`
      const one = await attempt(async () => find(group, volume, labelled), what, warnings)
      if (one) found.push(one)
    }
  return found
}

/** Each group as the newest of its copies has it: one disk may have been away at the last change. */
async function newestGroups(
  labelled: readonly Labelled[],
  warnings: string[],
): Promise<VolumeGroup[]> {
  const groups = new Map<string, VolumeGroup>()
  const parsed = new Map<string, VolumeGroup | undefined>()
  for (const { metadata, name } of labelled) {
    if (metadata === undefined) continue
    if (!parsed.has(metadata))
      parsed.set(metadata, await attempt(async () => parseGroup(metadata), name, warnings))
    const group = parsed.get(metadata)
    if (!group) continue
    const known = groups.get(group.id)
    if (!known || group.sequence > known.sequence) groups.set(group.id, group)
  }
  return [...groups.values()]
}

function find(
  group: VolumeGroup,
  volume: LogicalVolume,
  labelled: readonly Labelled[],
): FoundVolume {
  const used = new Set(volume.segments.flatMap(({ stripes }) => stripes.map((one) => one.volume)))
  const readers = new Map<string, ByteReader>()
  const places = new Map<string, string>()
  let refusal = volume.refusal
  for (const key of used) {
    const id = group.physical.get(key)?.id
    const disk = labelled.find((one) => one.id === id)
    if (disk) {
      readers.set(key, disk.reader)
      places.set(key, disk.name)
    } else refusal ??= `a volume of which a part is on no disk of this point (${key})`
  }
  return {
    ...{ group, name: volume.name, volume, places, refusal, on: [...places.values()] },
    sizeBytes: sizeOf(group, volume.segments),
    reader: refusal === undefined ? logicalReader(group, volume.segments, readers) : undefined,
  }
}

async function attempt<T>(
  work: () => Promise<T>,
  name: string,
  warnings: string[],
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = toHoldfastError(error)
    if (code !== 'filesystem-damaged') throw error
    warnings.push(`${name}: ${message}`)
    return undefined
  }
}

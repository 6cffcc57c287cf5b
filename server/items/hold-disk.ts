import { HoldfastError } from '../../core/model/error.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { holdPointVersion } from '../catalog/derived.ts'
import { readerHolder, releaseReader } from '../catalog/readers.ts'
import { readVersionDisks, type VersionDiskRow } from '../catalog/versions.ts'

export interface HoldDeps {
  readonly database: Database
  readonly random: Random
  readonly serverId: string
}

export interface WantedDisk {
  /** Id of the point. */
  readonly point: string
  /** Its only one where absent. */
  readonly disk: string | undefined
  /** What reads it, in a word: people who want to delete the point are told. */
  readonly purpose: string
}

/** A disk of a point that nothing deletes until it is released. */
export interface HeldDisk {
  readonly id: string
  readonly version: number
  readonly disk: VersionDiskRow
  release(): Promise<void>
}

export async function holdDisk(deps: HoldDeps, wanted: WantedDisk): Promise<HeldDisk> {
  const { database, random, serverId } = deps
  const id = randomId(random, wanted.purpose)
  const holder = readerHolder(serverId, id)
  const { version, disk } = await database.tx((q) => holdIn(q, wanted, holder))
  let released: Promise<void> | undefined
  return { id, version, disk, release: () => (released ??= releaseReader(database, holder)) }
}

async function holdIn(
  q: Queryable,
  { point, disk: name }: WantedDisk,
  holder: string,
): Promise<{ version: number; disk: VersionDiskRow }> {
  const version = await holdPointVersion(q, point, holder)
  if (version === undefined)
    throw new HoldfastError('not-found', `recovery point ${point} is deleted`, {
      hint: '`holdfast point undelete` brings it back while its data are still there.',
    })
  const disks = await readVersionDisks(q, version)
  const disk = name === undefined ? disks[0] : disks.find((one) => one.name === name)
  const hint = `Its disks: ${disks.map((one) => one.name).join(', ')}.`
  if (!disk)
    throw new HoldfastError('not-found', `recovery point ${point} has no disk ${name ?? ''}`, {
      hint,
    })
  if (name === undefined && disks.length > 1)
    throw new HoldfastError('ambiguous-name', `recovery point ${point} has several disks`, {
      hint,
    })
  return { version, disk }
}

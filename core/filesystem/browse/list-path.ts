import { toEntry, type ListedEntry } from './listed-entry.ts'
import { components } from './resolve.ts'
import { fittingVolumes, locate, type Address } from './locate.ts'
import type { GuestVolume, GuestVolumes } from './volumes.ts'

export interface ListedPage {
  readonly entries: readonly ListedEntry[]
  readonly warnings: readonly string[]
}

const PAGE_ENTRIES = 256

/** The entries of a folder, or the one thing that is none; of '/' where several fit, those. */
export async function* listPath(
  volumes: GuestVolumes,
  address: Address,
): AsyncGenerator<ListedPage> {
  if (components(address.path).length === 0) {
    const fitting = await partitionsToList(volumes, address)
    if (fitting) {
      yield { entries: fitting.map(toPartition), warnings: volumes.warnings }
      return
    }
  }
  const place = await locate(volumes, address, { followLast: true })
  const { system } = place
  let warnings = [...volumes.warnings, ...system.warnings]
  if (place.type !== 'folder') {
    yield { entries: [await toEntry(system, place)], warnings }
    return
  }
  let entries: ListedEntry[] = []
  for await (const entry of system.list(place.id)) {
    entries.push(await toEntry(system, entry))
    if (entries.length < PAGE_ENTRIES) continue
    yield { entries, warnings }
    entries = []
    warnings = []
  }
  yield { entries, warnings }
}

/** Undefined where the root of one file system is meant. */
async function partitionsToList(
  volumes: GuestVolumes,
  address: Address,
): Promise<readonly GuestVolume[] | undefined> {
  if (address.partition !== undefined) return undefined
  const fitting = await fittingVolumes(volumes, address)
  if (fitting.length === 1) return undefined
  const all = await volumes.all()
  const { disk } = address
  const shown = all.filter(({ disks }) => disk === undefined || disks.includes(disk))
  return shown.length > 0 ? shown : fitting
}

function toPartition({ name, sizeBytes, holds }: GuestVolume): ListedEntry {
  return { name: Buffer.from(name), type: 'partition', sizeBytes, content: holds }
}

import { toEntry, type ListedEntry } from './listed-entry.ts'
import { components } from './resolve.ts'
import { fittingVolumes, locate, type Address, type Place } from './locate.ts'
import { ALL_NAMES, type NamePattern } from './name-pattern.ts'
import type { GuestVolume, GuestVolumes } from './volumes.ts'

export interface ListedPage {
  readonly entries: readonly ListedEntry[]
  readonly warnings: readonly string[]
}

export const PAGE_ENTRIES = 256

/** What a path names: a folder to be read, or entries that are there already. */
export type Listable = { readonly folder: Place } | { readonly entries: readonly ListedEntry[] }

/** Of '/' where several file systems fit, those; of what is no folder, the thing itself. */
export async function listable(volumes: GuestVolumes, address: Address): Promise<Listable> {
  if (components(address.path).length === 0) {
    const fitting = await partitionsToList(volumes, address)
    if (fitting) return { entries: fitting.map(toPartition) }
  }
  const place = await locate(volumes, address, { followLast: true })
  if (place.type === 'folder') return { folder: place }
  return { entries: [await toEntry(place.system, place)] }
}

/** What is there by a path, as the folder has it; of a folder only what matches. */
export async function* listPath(
  volumes: GuestVolumes,
  address: Address,
  pattern: NamePattern = ALL_NAMES,
): AsyncGenerator<ListedPage> {
  const found = await listable(volumes, address)
  if ('entries' in found) {
    yield { entries: found.entries, warnings: volumes.warnings }
    return
  }
  const { system, id } = found.folder
  let warnings = [...volumes.warnings, ...system.warnings]
  let entries: ListedEntry[] = []
  for await (const entry of system.list(id)) {
    if (!pattern.matches(entry.name)) continue
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

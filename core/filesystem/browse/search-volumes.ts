import { toHoldfastError } from '../../model/error.ts'
import type { GuestEntry, GuestFileSystem, NodeId } from '../file-system.ts'
import { nameText, parseGlob, type Glob } from './glob.ts'
import { toEntry, type ListedEntry } from './listed-entry.ts'
import type { GuestVolume, GuestVolumes } from './volumes.ts'

export interface SearchRequest {
  readonly pattern: Uint8Array
  readonly ignoreCase: boolean
  readonly disk?: string | undefined
  /** Names of volumes that are known to have nothing new. */
  readonly passOver: readonly string[]
}

/** A file's names from the root on, without a slash before them. */
export interface FoundEntry extends ListedEntry {
  readonly path: Uint8Array
  /** Two of one volume that have the same are one file, where all else is the same too. */
  readonly id: NodeId
}

export interface DiskRange {
  readonly disk: string
  readonly offset: number
  readonly length: number
}

export type SearchAnswer =
  /** What follows is of this volume, which does not depend on what the foreign ranges hold. */
  | { readonly volume: string; readonly foreign: readonly DiskRange[] }
  /** `walked`: entries that were looked at since the last answer. */
  | { readonly found: readonly FoundEntry[]; readonly walked: number }
  | { readonly warnings: readonly string[] }

/** Deeper than any path that a system could still open. */
const MAX_DEPTH = 2048
const PAGE_ENTRIES = 128
const WALKED_ENTRIES = 4096

/** Every entry whose name or path fits, of all file systems that can be read. */
export async function* searchVolumes(
  volumes: GuestVolumes,
  { pattern, ignoreCase, disk, passOver }: SearchRequest,
): AsyncGenerator<SearchAnswer> {
  const glob = parseGlob(Buffer.from(pattern), ignoreCase)
  const all = await volumes.all()
  for (const volume of all) {
    const isMeant = disk === undefined || volume.disks.includes(disk)
    if (!volume.isReadable || !isMeant || passOver.includes(volume.name)) continue
    yield { volume: volume.name, foreign: foreignTo(volume, all) }
    try {
      const system = await volumes.open(volume)
      if (system.warnings.length > 0)
        yield { warnings: system.warnings.map((text) => `${volume.name}: ${text}`) }
      yield* new Walk(system, glob, ignoreCase, volume.name).run()
    } catch (error) {
      yield { warnings: [`${volume.name}: ${toHoldfastError(error).message}`] }
    }
  }
  if (volumes.warnings.length > 0) yield { warnings: [...volumes.warnings] }
}

/** Other partitions; a logical volume may lie in any. */
function foreignTo(volume: GuestVolume, all: readonly GuestVolume[]): DiskRange[] {
  if (volume.logical !== undefined) return []
  return all.flatMap(({ name, disks, partition }) =>
    name === volume.name || !partition
      ? []
      : [{ disk: disks[0] ?? '', offset: partition.offset, length: partition.sizeBytes }],
  )
}

class Walk {
  readonly #system: GuestFileSystem
  readonly #glob: Glob
  readonly #ignoreCase: boolean
  readonly #volume: string
  readonly #above = new Set<NodeId>()
  /** Names from the root to where the walk is, as they are and as they are compared. */
  readonly #path: Buffer[] = []
  readonly #texts: string[] = []
  #found: FoundEntry[] = []
  #walked = 0

  constructor(system: GuestFileSystem, glob: Glob, ignoreCase: boolean, volume: string) {
    this.#system = system
    this.#glob = glob
    this.#ignoreCase = ignoreCase
    this.#volume = volume
  }

  async *run(): AsyncGenerator<SearchAnswer> {
    yield* this.#below(this.#system.root)
    yield this.#page()
  }

  async *#below(folder: NodeId): AsyncGenerator<SearchAnswer> {
    if (this.#above.has(folder) || this.#above.size > MAX_DEPTH) {
      yield { warnings: [`${this.#where()} contains itself`] }
      return
    }
    this.#above.add(folder)
    try {
      for await (const entry of this.#system.list(folder)) yield* this.#entry(entry)
    } catch (error) {
      // What is beside it is still wanted.
      yield { warnings: [`${this.#where()}: ${toHoldfastError(error).message}`] }
    } finally {
      this.#above.delete(folder)
    }
  }

  async *#entry(entry: GuestEntry): AsyncGenerator<SearchAnswer> {
    this.#path.push(entry.name)
    this.#texts.push(nameText(entry.name, this.#ignoreCase))
    this.#walked++
    if (this.#glob.matches(this.#texts)) {
      const listed = await toEntry(this.#system, entry)
      this.#found.push({ ...listed, id: entry.id, path: joined(this.#path) })
    }
    if (this.#found.length >= PAGE_ENTRIES || this.#walked >= WALKED_ENTRIES) yield this.#page()
    if (entry.type === 'folder') yield* this.#below(entry.id)
    this.#path.pop()
    this.#texts.pop()
  }

  #page(): SearchAnswer {
    const page = { found: this.#found, walked: this.#walked }
    this.#found = []
    this.#walked = 0
    return page
  }

  #where(): string {
    return `${this.#volume}:/${this.#path.map((name) => name.toString('utf8')).join('/')}`
  }
}

export function joined(path: readonly Buffer[]): Buffer {
  return Buffer.concat(path.flatMap((name, at) => (at === 0 ? [name] : [SLASH, name])))
}

const SLASH = Buffer.from('/')

import { toHoldfastError } from '../../model/error.ts'
import type { GuestEntry, GuestFileSystem, GuestStatus, NodeId } from '../file-system.ts'
import { toEntry, type ListedEntry } from './listed-entry.ts'
import { joined } from './search-volumes.ts'
import type { GuestVolume, GuestVolumes } from './volumes.ts'

/** One entry that the two points do not have alike. `before` and `after` say which has it. */
export interface FileDifference {
  readonly volume: string
  readonly path: Uint8Array
  readonly before?: ListedEntry
  readonly after?: ListedEntry
}

export type CompareAnswer =
  | { readonly differences: readonly FileDifference[]; readonly walked: number }
  | { readonly warnings: readonly string[] }

/** Whether a volume may differ: others are not looked into. */
export type MayDiffer = (volume: GuestVolume) => boolean

const PAGE_ENTRIES = 128
const WALKED_ENTRIES = 2048
const MAX_DEPTH = 2048

/** Files added, removed and changed from one point to the other, both walked at once. */
export async function* compareVolumes(
  before: GuestVolumes,
  after: GuestVolumes,
  mayDiffer: MayDiffer,
): AsyncGenerator<CompareAnswer> {
  const [was, is] = [await before.all(), await after.all()]
  const names = [...new Set([...was, ...is].map(({ name }) => name))]
  for (const name of names) {
    const [a, b] = [was.find((one) => one.name === name), is.find((one) => one.name === name)]
    if (a?.isReadable !== true && b?.isReadable !== true) continue
    if (a && b && !mayDiffer(a) && !mayDiffer(b)) continue
    if (!a?.isReadable || !b?.isReadable) {
      yield { warnings: [`${name} holds a file system in one of the points only`] }
      continue
    }
    try {
      const [from, to] = [await before.open(a), await after.open(b)]
      for (const text of new Set([...from.warnings, ...to.warnings]))
        yield { warnings: [`${name}: ${text}`] }
      yield* new Comparison(from, to, name).run()
    } catch (error) {
      yield { warnings: [`${name}: ${toHoldfastError(error).message}`] }
    }
  }
}

interface Pair {
  readonly a: GuestEntry | undefined
  readonly b: GuestEntry | undefined
}

class Comparison {
  readonly #from: GuestFileSystem
  readonly #to: GuestFileSystem
  readonly #volume: string
  readonly #path: Buffer[] = []
  #differences: FileDifference[] = []
  #walked = 0

  constructor(from: GuestFileSystem, to: GuestFileSystem, volume: string) {
    this.#from = from
    this.#to = to
    this.#volume = volume
  }

  async *run(): AsyncGenerator<CompareAnswer> {
    yield* this.#folders(this.#from.root, this.#to.root)
    yield this.#page()
  }

  /** Either may be missing: then all that the other has was removed or added. */
  async *#folders(a: NodeId | undefined, b: NodeId | undefined): AsyncGenerator<CompareAnswer> {
    if (this.#path.length > MAX_DEPTH) {
      yield { warnings: [`${this.#where()} is deeper than ${MAX_DEPTH} folders`] }
      return
    }
    try {
      const others = new Map<string, GuestEntry>()
      if (b !== undefined)
        for await (const entry of this.#to.list(b)) others.set(entry.name.toString('latin1'), entry)
      if (a !== undefined)
        for await (const entry of this.#from.list(a)) {
          const key = entry.name.toString('latin1')
          yield* this.#pair(entry.name, { a: entry, b: others.get(key) })
          others.delete(key)
        }
      for (const entry of others.values()) yield* this.#pair(entry.name, { a: undefined, b: entry })
    } catch (error) {
      yield { warnings: [`${this.#where()}: ${toHoldfastError(error).message}`] }
    }
  }

  async *#pair(name: Buffer, { a, b }: Pair): AsyncGenerator<CompareAnswer> {
    this.#path.push(name)
    this.#walked++
    const isSameType = a?.type === b?.type
    const before = a ? await toEntry(this.#from, a) : undefined
    const after = b ? await toEntry(this.#to, b) : undefined
    if (!isSameType || isUnlike(before, after))
      this.#differences.push({
        ...{ volume: this.#volume, path: joined(this.#path) },
        ...(before ? { before } : {}),
        ...(after ? { after } : {}),
      })
    if (this.#differences.length >= PAGE_ENTRIES || this.#walked >= WALKED_ENTRIES)
      yield this.#page()
    const folders = [a, b].map((one) => (one?.type === 'folder' ? one.id : undefined))
    if (folders.some((one) => one !== undefined)) yield* this.#folders(folders[0], folders[1])
    this.#path.pop()
  }

  #page(): CompareAnswer {
    const page = { differences: this.#differences, walked: this.#walked }
    this.#differences = []
    this.#walked = 0
    return page
  }

  #where(): string {
    return `${this.#volume}:/${this.#path.map((name) => name.toString('utf8')).join('/')}`
  }
}

function isUnlike(before: ListedEntry | undefined, after: ListedEntry | undefined): boolean {
  if (!before || !after) return true
  if (!before.status || !after.status) return before.status !== after.status
  const isTarget = before.target ? Buffer.from(before.target).equals(after.target ?? NONE) : true
  // A folder's own size and times say that entries came or went: those are told themselves.
  const keys = before.type === 'folder' ? FOLDER_KEYS : FILE_KEYS
  return !isTarget || keys.some((key) => unlike(before.status?.[key], after.status?.[key]))
}

const NONE = Buffer.alloc(0)
const FOLDER_KEYS = ['mode', 'owner'] as const satisfies readonly (keyof GuestStatus)[]
/** The time of change moves with content, owner, mode and attributes, and nobody can set it. */
const FILE_KEYS = [
  ...FOLDER_KEYS,
  ...(['id', 'sizeBytes', 'modifiedAt', 'changedAt', 'device'] as const),
] satisfies readonly (keyof GuestStatus)[]

function unlike(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null) return a !== b
  return JSON.stringify(a) !== JSON.stringify(b)
}

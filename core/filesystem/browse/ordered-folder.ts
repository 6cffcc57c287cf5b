import type { GuestFileSystem } from '../file-system.ts'
import { FolderNames } from './folder-names.ts'
import {
  matchingRows,
  sortByName,
  sortByStatus,
  sortByType,
  type FolderOrder,
} from './folder-order.ts'
import { toEntry, type ListedEntry } from './listed-entry.ts'
import type { Place } from './locate.ts'
import { LOOKED_AT_ONCE, type Looked } from './looked.ts'
import { parseNamePattern } from './name-pattern.ts'

/** Of one folder: its names by one thing and another, narrowed or not. */
const MOST_ORDERS = 6

/**
 * A folder of which pages are asked for: its names are read once, put in order once for each order and
 * pattern, and of a page nothing but its own entries is read.
 */
export class OrderedFolder {
  readonly #system: GuestFileSystem
  readonly #names: FolderNames
  readonly #orders = new Map<string, Uint32Array>()

  private constructor(system: GuestFileSystem, names: FolderNames) {
    this.#system = system
    this.#names = names
  }

  /** Of a place that is a folder: the names that match. Throws where they are more than `mostBytes`. */
  static async *read(
    { system, id }: Pick<Place, 'system' | 'id'>,
    pattern: Uint8Array,
    mostBytes: number,
  ): AsyncGenerator<Looked, OrderedFolder> {
    const wanted = parseNamePattern(pattern)
    const names = new FolderNames(mostBytes)
    let looked = 0
    for await (const entry of system.list(id)) {
      if (wanted.matches(entry.name)) names.add(entry)
      if (++looked % LOOKED_AT_ONCE === 0) yield { looked: LOOKED_AT_ONCE }
    }
    return new OrderedFolder(system, names)
  }

  get bytes(): number {
    const orders = [...this.#orders.values()]
    return orders.reduce((sum, { byteLength }) => sum + byteLength, this.#names.bytes)
  }

  get warnings(): readonly string[] {
    return this.#system.warnings
  }

  /** Rows of what matches, in order. */
  async *order(pattern: Uint8Array, order: FolderOrder): AsyncGenerator<Looked, Uint32Array> {
    const key = `${order}\0${Buffer.from(pattern).toString('latin1')}`
    const kept = this.#orders.get(key)
    if (kept) return kept
    const rows = matchingRows(this.#names, parseNamePattern(pattern))
    sortByName(this.#names, rows)
    if (order === 'type') sortByType(this.#names, rows)
    if (order === 'size' || order === 'modified')
      yield* sortByStatus(this.#names, rows, this.#system, order)
    const [oldest] = this.#orders.keys()
    if (this.#orders.size >= MOST_ORDERS && oldest !== undefined) this.#orders.delete(oldest)
    this.#orders.set(key, rows)
    return rows
  }

  entry(row: number): Promise<ListedEntry> {
    return toEntry(this.#system, this.#names.entry(row))
  }
}

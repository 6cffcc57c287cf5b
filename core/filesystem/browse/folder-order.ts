import type { GuestFileSystem } from '../file-system.ts'
import type { FolderNames } from './folder-names.ts'
import type { NamePattern } from './name-pattern.ts'
import { LOOKED_AT_ONCE, type Looked } from './looked.ts'

/** By name, folders come before all else. */
export const FOLDER_ORDERS = ['name', 'type', 'size', 'modified'] as const
export type FolderOrder = (typeof FOLDER_ORDERS)[number]

/** Rows whose name matches, as the folder has them. */
export function matchingRows(names: FolderNames, pattern: NamePattern): Uint32Array {
  const rows = new Uint32Array(names.count)
  let count = 0
  for (let row = 0; row < names.count; row++)
    if (pattern.matches(names.name(row))) rows[count++] = row
  return rows.slice(0, count)
}

/** Bytes of a name that a number holds beside its rank. */
const KEY_BYTES = 6
const KEY_VALUES = 2 ** (8 * KEY_BYTES)

/**
 * In place. Names of one folder mostly begin alike: six bytes behind what they have in common tell most of
 * them apart as numbers, and only the rest are compared as bytes.
 */
export function sortByName(names: FolderNames, rows: Uint32Array): void {
  const skipped = commonBytes(names, rows)
  const keys = new Float64Array(names.count)
  for (const row of rows) {
    const rank = names.type(row) === 'folder' ? 0 : KEY_VALUES
    keys[row] = rank + keyOf(names.name(row), skipped)
  }
  rows.sort((a, b) => keys[a]! - keys[b]! || names.name(a).compare(names.name(b)))
}

function commonBytes(names: FolderNames, rows: Uint32Array): number {
  const [first] = rows
  if (first === undefined) return 0
  const prefix = names.name(first)
  let common = prefix.length
  for (const row of rows) {
    const name = names.name(row)
    let at = 0
    while (at < common && name[at] === prefix[at]) at++
    common = at
  }
  return common
}

function keyOf(name: Buffer, skipped: number): number {
  let key = 0
  for (let at = skipped; at < skipped + KEY_BYTES; at++) key = key * 256 + (name[at] ?? 0)
  return key
}

/** In place; what is alike stays in the order that it has. */
export async function* sortByStatus(
  names: FolderNames,
  rows: Uint32Array,
  system: GuestFileSystem,
  order: 'size' | 'modified',
): AsyncGenerator<Looked> {
  const keys = new Float64Array(names.count)
  let looked = 0
  // As they lie on the disk: numbers of files mostly say so.
  const ids = new Float64Array(names.count)
  for (const row of rows) ids[row] = Number(names.entry(row).id) || 0
  for (const row of rows.toSorted((a, b) => ids[a]! - ids[b]!)) {
    keys[row] = await keyByStatus(system, names.entry(row).id, order)
    if (++looked % LOOKED_AT_ONCE === 0) yield { looked: LOOKED_AT_ONCE }
  }
  rows.sort((a, b) => keys[a]! - keys[b]!)
}

/** What cannot be read comes first; the page says why. */
async function keyByStatus(
  system: GuestFileSystem,
  id: string,
  order: 'size' | 'modified',
): Promise<number> {
  try {
    const { sizeBytes, modifiedAt } = await system.status(id)
    return order === 'size' ? sizeBytes : Number(modifiedAt ?? 0n)
  } catch {
    return -Infinity
  }
}

/** In place; what is alike stays in the order that it has. */
export function sortByType(names: FolderNames, rows: Uint32Array): void {
  rows.sort((a, b) => compareText(names.type(a), names.type(b)))
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

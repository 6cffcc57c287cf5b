import { pathOf } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'
import { useLines } from '../api/use-lines.ts'
import { isNamedLike } from './names.ts'

interface Page {
  readonly entries: readonly FileEntry[]
  readonly warnings: readonly string[]
}

export interface Folder extends Page {
  /** How many the folder was seen to hold, shown or not. */
  readonly seen: number
  /** There are more than are shown. */
  readonly isCut: boolean
}

const NOTHING: Folder = { entries: [], warnings: [], seen: 0, isCut: false }

/** More are not shown: nobody reads them, and a browser has to hold them. */
const MOST = 100_000

/**
 * What a folder holds, shown as it comes; a folder of a million entries does not have to end. With a
 * part of a name, only what is called so is kept, out of however many there are.
 */
export function useFolder(point: string, path: string, name: string) {
  const address = pathOf(['points', point, 'files'], { path })
  return useLines(address, NOTHING, (pages: AsyncIterable<Page>) => gather(pages, name), name)
}

async function* gather(pages: AsyncIterable<Page>, name: string): AsyncIterable<Folder> {
  const entries: FileEntry[] = []
  const warnings: string[] = []
  let seen = 0
  let nextShown = 1
  for await (const page of pages) {
    seen += page.entries.length
    warnings.push(...page.warnings)
    entries.push(...page.entries.filter((entry) => isNamedLike(entry, name)))
    if (entries.length > MOST) {
      yield { ...{ entries: inOrder(entries.slice(0, MOST)), warnings, seen }, isCut: true }
      return
    }
    // The first at once, then ever more at a time: to show a list again costs what it holds.
    if (entries.length < nextShown) continue
    nextShown = entries.length * 2
    yield { entries: inOrder(entries), warnings: [...warnings], seen, isCut: false }
  }
  yield { entries: inOrder(entries), warnings, seen, isCut: false }
}

/** Partitions as they lie on the disk; folders before files, by name: guests keep them in any order. */
function inOrder(entries: readonly FileEntry[]): readonly FileEntry[] {
  const rank = ({ type }: FileEntry) => (type === 'partition' ? 0 : type === 'folder' ? 1 : 2)
  return entries.toSorted((a, b) => {
    const [x, y] = [rank(a), rank(b)]
    if (x !== y || x === 0) return x - y
    return a.name < b.name ? -1 : 1
  })
}

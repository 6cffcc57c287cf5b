import { pathOf } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'
import { useLines } from '../api/use-lines.ts'

interface Folder {
  readonly entries: readonly FileEntry[]
  readonly warnings: readonly string[]
}

const NOTHING: Folder = { entries: [], warnings: [] }

/** More are not shown: nobody reads them, and a browser has to hold them. */
const MOST = 100_000

/** What a folder holds, shown as it comes; a folder of a million entries does not have to end. */
export function useFolder(point: string, path: string) {
  return useLines(pathOf(['points', point, 'files'], { path }), NOTHING, gather)
}

async function* gather(pages: AsyncIterable<Folder>): AsyncIterable<Folder> {
  const entries: FileEntry[] = []
  const warnings: string[] = []
  for await (const page of pages) {
    entries.push(...page.entries)
    warnings.push(...page.warnings)
    yield { entries: [...entries], warnings: [...warnings] }
    if (entries.length >= MOST) break
  }
}

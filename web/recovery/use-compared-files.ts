import { pathOf } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'
import { useLines } from '../api/use-lines.ts'

export interface Difference {
  readonly change: 'added' | 'removed' | 'changed'
  readonly volume: string
  readonly path: string
  readonly before: FileEntry | null
  readonly after: FileEntry | null
}

interface Compared {
  readonly differences: readonly Difference[]
  readonly warnings: readonly string[]
}

const NOTHING: Compared = { differences: [], warnings: [] }

/** Files that two points do not have alike, as they are found. */
export function useComparedFiles(from: string, to: string) {
  return useLines(pathOf(['points', from, 'compare', to, 'files']), NOTHING, gather)
}

async function* gather(pages: AsyncIterable<Compared>): AsyncIterable<Compared> {
  const differences: Difference[] = []
  const warnings: string[] = []
  for await (const page of pages) {
    differences.push(...page.differences)
    warnings.push(...page.warnings)
    yield { differences: [...differences], warnings: [...warnings] }
  }
}

import { useEffect, useState } from 'react'
import { lines, pathOf, type Failure } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'

interface Folder {
  readonly entries: readonly FileEntry[]
  readonly warnings: readonly string[]
  readonly failure: Failure | undefined
  readonly done: boolean
}

interface PageOfEntries {
  readonly entries: readonly FileEntry[]
  readonly warnings: readonly string[]
}

const NOTHING: Folder = { entries: [], warnings: [], failure: undefined, done: false }

/** More are not shown: nobody reads them, and a browser has to hold them. */
const MOST = 100_000

/** What a folder holds, shown as it comes; a folder of a million entries does not have to end. */
export function useFolder(point: string, path: string): Folder {
  const [folder, setFolder] = useState<Folder>(NOTHING)
  useEffect(() => {
    const left = new AbortController()
    setFolder(NOTHING)
    follow(point, path, left.signal, setFolder).catch((error: unknown) => {
      if (!left.signal.aborted) setFolder({ ...NOTHING, failure: error as Failure, done: true })
    })
    return () => left.abort()
  }, [point, path])
  return folder
}

async function follow(
  point: string,
  path: string,
  signal: AbortSignal,
  show: (folder: Folder) => void,
): Promise<void> {
  const entries: FileEntry[] = []
  const warnings: string[] = []
  for await (const page of lines<PageOfEntries>(pathOf(['points', point, 'files'], { path }), {
    signal,
  })) {
    entries.push(...page.entries)
    warnings.push(...page.warnings)
    show({ entries: [...entries], warnings: [...warnings], failure: undefined, done: false })
    if (entries.length >= MOST) break
  }
  show({ entries, warnings, failure: undefined, done: true })
}

import { useEffect, useState } from 'react'
import { lines, pathOf, type Failure } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'

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
  readonly failure: Failure | undefined
  readonly done: boolean
}

type Page = Pick<Compared, 'differences' | 'warnings'>

const NOTHING: Compared = { differences: [], warnings: [], failure: undefined, done: false }

/** Files that two points do not have alike, as they are found. */
export function useComparedFiles(from: string, to: string): Compared {
  const [compared, setCompared] = useState(NOTHING)
  useEffect(() => {
    const left = new AbortController()
    setCompared(NOTHING)
    follow(from, to, left.signal, setCompared).catch((error: unknown) => {
      if (!left.signal.aborted)
        setCompared((so) => ({ ...so, failure: error as Failure, done: true }))
    })
    return () => left.abort()
  }, [from, to])
  return compared
}

async function follow(
  from: string,
  to: string,
  signal: AbortSignal,
  show: (compared: Compared) => void,
): Promise<void> {
  const differences: Difference[] = []
  const warnings: string[] = []
  const shown = (done: boolean) =>
    show({ differences: [...differences], warnings: [...warnings], failure: undefined, done })
  for await (const page of lines<Page>(pathOf(['points', from, 'compare', to, 'files']), {
    signal,
  })) {
    differences.push(...page.differences)
    warnings.push(...page.warnings)
    shown(false)
  }
  shown(true)
}

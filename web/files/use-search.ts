import { useEffect, useState } from 'react'
import { lines, pathOf, type Failure } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'

/** A version of a file, and the points that have it: the newest first. */
export interface Version {
  /** As the API takes it, with its partition. */
  readonly path: string
  readonly entry: FileEntry | null
  readonly points: readonly string[]
}

export interface Search {
  readonly versions: readonly Version[]
  readonly warnings: readonly string[]
  /** Points that were looked through. */
  readonly searched: number
  readonly failure: Failure | undefined
  readonly done: boolean
}

interface Part {
  readonly found: {
    readonly number: number
    readonly point: string
    readonly volume: string
    readonly path: string
    readonly entry: FileEntry | null
  } | null
  readonly again: { readonly numbers: readonly number[]; readonly point: string } | null
  readonly searched: object | null
  readonly warnings: { readonly warnings: readonly string[] } | null
}

const NOTHING: Search = { versions: [], warnings: [], searched: 0, failure: undefined, done: false }

/** Names in all points of a source, as they are found. An empty pattern looks for nothing. */
export function useSearch(source: string, pattern: string, ignoreCase: boolean): Search {
  const [found, setFound] = useState<Search>(NOTHING)
  useEffect(() => {
    const left = new AbortController()
    setFound(pattern === '' ? { ...NOTHING, done: true } : NOTHING)
    const path = pathOf(['sources', source, 'files'], { pattern, ignoreCase })
    if (pattern !== '')
      follow(path, left.signal, setFound).catch((error: unknown) => {
        if (!left.signal.aborted)
          setFound((so) => ({ ...so, failure: error as Failure, done: true }))
      })
    return () => left.abort()
  }, [source, pattern, ignoreCase])
  return found
}

async function follow(
  path: string,
  signal: AbortSignal,
  show: (search: Search) => void,
): Promise<void> {
  const versions: Version[] = []
  const warnings = new Set<string>()
  let searched = 0
  const shown = (done: boolean) =>
    show({ versions: [...versions], warnings: [...warnings], searched, failure: undefined, done })
  for await (const part of lines<Part>(path, { signal })) {
    take(part, versions, warnings)
    if (!part.searched) continue
    searched++
    shown(false)
  }
  shown(true)
}

function take({ found, again, warnings }: Part, versions: Version[], warned: Set<string>): void {
  if (found) {
    const { volume, path, entry, point } = found
    versions[found.number] = { path: `${volume}:/${path}`, entry, points: [point] }
  }
  for (const number of again?.numbers ?? []) {
    const version = versions[number]
    if (version) versions[number] = { ...version, points: [...version.points, again!.point] }
  }
  for (const warning of warnings?.warnings ?? []) warned.add(warning)
}

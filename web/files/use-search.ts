import { pathOf } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'
import { useLines } from '../api/use-lines.ts'

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

const NOTHING: Search = { versions: [], warnings: [], searched: 0 }

/** Names in all points of a source, as they are found. An empty pattern looks for nothing. */
export function useSearch(source: string, pattern: string, ignoreCase: boolean) {
  const path = pathOf(['sources', source, 'files'], { pattern, ignoreCase })
  return useLines(pattern === '' ? undefined : path, NOTHING, gather)
}

/** Each point that was looked through is worth showing. */
async function* gather(parts: AsyncIterable<Part>): AsyncIterable<Search> {
  const versions: Version[] = []
  const warnings = new Set<string>()
  let searched = 0
  for await (const part of parts) {
    take(part, versions, warnings)
    if (part.searched) searched++
    if (part.searched) yield { versions: [...versions], warnings: [...warnings], searched }
  }
  yield { versions, warnings: [...warnings], searched }
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

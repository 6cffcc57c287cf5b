import { useQueries } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { lines, pathOf, type Failure } from '../api/ask.ts'
import type { FileEntry } from '../api/documents.ts'
import { useLines } from '../api/use-lines.ts'
import { patternOf } from './choice.ts'

/** As the API knows them. */
export type FolderOrder = 'name' | 'type' | 'size' | 'modified'

export interface FolderWish {
  readonly point: string
  readonly path: string
  /** Part of a name; empty: all. */
  readonly name: string
  readonly order: FolderOrder
  readonly descending: boolean
  /** Entries in front of what is shown. */
  readonly from: number
}

interface Page {
  readonly entries: readonly FileEntry[]
  readonly warnings: readonly string[]
  readonly seen: number
  readonly total: number | null
}

const NOTHING: Page = { entries: [], warnings: [], seen: 0, total: null }
/** Entries that are asked for at once. */
const AT_ONCE = 200

/**
 * A folder in order, of which the first entries come with how far the server is, and others as they are
 * looked at. A point does not change: what has come is not asked for again.
 */
export function useFolder(wish: FolderWish) {
  const first = useLines(pageOf(wish, 0), NOTHING, gather)
  const [seen, setSeen] = useState<readonly number[]>([])
  const pages = useQueries({
    queries: seen.map((page) => ({
      queryKey: [pageOf(wish, page)],
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) =>
        last(gather(lines<Page>(pageOf(wish, page), { signal }))),
      ...{ staleTime: Infinity, refetchInterval: false as const, retry: 1 },
    })),
  })
  const onShown = useCallback((from: number, to: number) => {
    const wanted = pagesBetween(from, to)
    setSeen((so) => (so.join() === wanted.join() ? so : wanted))
  }, [])
  const rowAt = (index: number): FileEntry | undefined => {
    const page = Math.floor(index / AT_ONCE)
    const found = page === 0 ? first.found : pages[seen.indexOf(page)]?.data
    return found?.entries[index % AT_ONCE]
  }
  const total = useKnown(`${wish.point} ${wish.path} ${wish.name}`, first.found.total)
  const failed = pages.find(({ error }) => error !== null)
  return {
    ...{ rowAt, onShown, total },
    ...{ seen: first.found.seen, warnings: first.found.warnings },
    failure: first.failure ?? (failed?.error as Failure | undefined),
  }
}

/** How many there are does not change with their order: the list stays while another one comes. */
function useKnown(folder: string, total: number | null): number | null {
  const known = useRef({ folder, total })
  if (total !== null || known.current.folder !== folder) known.current = { folder, total }
  return known.current.total
}

/** The first is there already. */
function pagesBetween(from: number, to: number): readonly number[] {
  const [start, end] = [Math.floor(from / AT_ONCE), Math.floor(to / AT_ONCE)]
  return Array.from({ length: end - start + 1 }, (_, at) => start + at).filter((page) => page > 0)
}

function pageOf({ point, path, name, order, descending, from }: FolderWish, page: number): string {
  const offset = from + page * AT_ONCE
  const pattern = name === '' ? undefined : patternOf(name)
  return pathOf(['points', point, 'files'], {
    ...{ path, name: pattern, order, descending, offset, limit: AT_ONCE },
  })
}

/** A page that comes in pieces, and before it how far the server is. */
async function* gather(parts: AsyncIterable<Page>): AsyncIterable<Page> {
  let found = NOTHING
  for await (const { entries, warnings, seen, total } of parts) {
    found = {
      entries: [...found.entries, ...entries],
      warnings: [...found.warnings, ...warnings],
      ...{ seen: Math.max(found.seen, seen), total: total ?? found.total },
    }
    yield found
  }
}

async function last(pages: AsyncIterable<Page>): Promise<Page> {
  let page = NOTHING
  for await (const one of pages) page = one
  return page
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import { ask, pathOf, type Asked, type Failure } from './ask.ts'

/** Rows that are asked for at once, and how near to the end of them the next are. */
const AT_ONCE = 200
const NEAR = 100

export interface Newest<Row> {
  readonly rows: readonly Row[]
  /** There may be older ones, which come as one scrolls there. */
  readonly isPart: boolean
}

interface Listed<Row> {
  readonly parts: readonly string[]
  readonly query: NonNullable<Asked['query']>
  /** Of the document that has a page of them. */
  readonly field: string
  readonly idOf: (row: Row) => string
}

/**
 * A list that has its newest first, page after page as one scrolls. What is refreshed is the newest
 * page and the one that is looked at: the others are as they were when they came.
 */
export function useNewest<Row>({ parts, query, field, idOf }: Listed<Row>) {
  const client = useQueryClient()
  const path = pathOf(parts, query)
  const seenFrom = useRef(0)
  const asking = useRef<string>(undefined)
  const key = [path, 'newest']
  const held = () => client.getQueryData<Newest<Row>>(key) ?? { rows: [], isPart: true }
  const page = async (before: string | undefined, signal?: AbortSignal) => {
    const asked = pathOf(parts, { ...query, before, limit: AT_ONCE })
    const document = await ask<Record<string, Row[]>>('GET', asked, signal ? { signal } : {})
    return document[field] ?? []
  }
  const found = useQuery<Newest<Row>, Failure>({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const newest = await page(undefined, signal)
      const above = seenFrom.current < AT_ONCE ? undefined : held().rows[seenFrom.current - 1]
      const seen = above && (await page(idOf(above), signal))
      const begun = withPage(held(), undefined, newest, idOf)
      return above && seen ? withPage(begun, idOf(above), seen, idOf) : begun
    },
  })
  const last = found.data?.isPart ? found.data.rows.at(-1) : undefined
  const count = found.data?.rows.length ?? 0
  const more = useCallback(
    (first: number, until: number) => {
      seenFrom.current = first
      if (!last || until < count - NEAR || asking.current === idOf(last)) return
      asking.current = idOf(last)
      page(idOf(last))
        .then((older) => client.setQueryData(key, withPage(held(), idOf(last), older, idOf)))
        // The next refresh says what is wrong.
        .catch(() => {})
        .finally(() => (asking.current = undefined))
    },
    [path, last, count],
  )
  return { found, more }
}

/** What was held, with a page of it anew: the newest, or the one that follows `before`. */
function withPage<Row>(
  { rows, isPart }: Newest<Row>,
  before: string | undefined,
  page: readonly Row[],
  idOf: (row: Row) => string,
): Newest<Row> {
  const from = before === undefined ? 0 : rows.findIndex((row) => idOf(row) === before) + 1
  // What it follows has gone meanwhile: the page has no place any more.
  if (before !== undefined && from === 0) return { rows, isPart }
  const above = rows.slice(0, from)
  const last = page.at(-1)
  if (!last || page.length < AT_ONCE) return { rows: [...above, ...page], isPart: false }
  const until = rows.findIndex((row) => idOf(row) === idOf(last))
  // More have come than a page has: what follows is asked for again.
  if (until < 0) return { rows: [...above, ...page], isPart: true }
  const there = new Set(page.map(idOf))
  const below = rows.slice(until + 1).filter((row) => !there.has(idOf(row)))
  return { rows: [...above, ...page, ...below], isPart }
}

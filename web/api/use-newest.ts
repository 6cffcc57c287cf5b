import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type { Order } from '../shown/use-order.ts'
import { ask, pathOf, type Asked, type Failure } from './ask.ts'
import { restAfter } from './use-api.ts'

/** Rows that are asked for at once, and how near to the end of them the next are. */
const AT_ONCE = 200
const NEAR = 100

export interface Newest<Row> {
  readonly rows: readonly Row[]
  /** There may be more, which come as one scrolls there. */
  readonly isPart: boolean
}

interface Listed<Row> {
  readonly parts: readonly string[]
  readonly query: NonNullable<Asked['query']>
  readonly order: Order<Row>
  /** Of the document that has a page of them. */
  readonly field: string
  readonly idOf: (row: Row) => string
}

/**
 * A list that comes page after page as one scrolls. What is refreshed is the first page and the one that is
 * looked at: the others are as they were when they came.
 */
export function useNewest<Row>({ parts, query, order, field, idOf }: Listed<Row>) {
  const client = useQueryClient()
  const wanted = { ...query, ...order.query }
  const path = pathOf(parts, wanted)
  const seenFrom = useRef(0)
  const took = useRef(0)
  const asking = useRef<string>(undefined)
  const key = [path, 'newest']
  const held = () => client.getQueryData<Newest<Row>>(key) ?? { rows: [], isPart: true }
  const placeOf = (row: Row) => `${idOf(row)} ${order.valueOf(row)}`
  const known = { idOf, placeOf }
  const page = async (behind: Row | undefined, signal?: AbortSignal) => {
    const before = behind && { before: idOf(behind), beforeValue: order.valueOf(behind) }
    const asked = pathOf(parts, { ...wanted, ...before, limit: AT_ONCE })
    const document = await ask<Record<string, Row[]>>('GET', asked, signal ? { signal } : {})
    return document[field] ?? []
  }
  const found = useQuery<Newest<Row>, Failure>({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const began = performance.now()
      const first = await page(undefined, signal)
      const above = seenFrom.current < AT_ONCE ? undefined : held().rows[seenFrom.current - 1]
      const seen = above && (await page(above, signal))
      took.current = performance.now() - began
      const begun = withPage(held(), undefined, first, known)
      return above && seen ? withPage(begun, above, seen, known) : begun
    },
    refetchInterval: () => restAfter(took.current),
    // Who sorts keeps the table, and the place in it.
    placeholderData: keepPreviousData,
  })
  const last = found.data?.isPart && !found.isPlaceholderData ? found.data.rows.at(-1) : undefined
  const count = found.data?.rows.length ?? 0
  const more = useCallback(
    (first: number, until: number) => {
      seenFrom.current = first
      if (!last || until < count - NEAR || asking.current === placeOf(last)) return
      asking.current = placeOf(last)
      page(last)
        .then((next) => client.setQueryData(key, withPage(held(), last, next, known)))
        // The next refresh says what is wrong.
        .catch(() => {})
        .finally(() => (asking.current = undefined))
    },
    [path, last, count],
  )
  return { found, more }
}

/** What was held, with a page of it anew: the first, or the one that follows `before`. A row that moved is there once. */
function withPage<Row>(
  { rows, isPart }: Newest<Row>,
  before: Row | undefined,
  page: readonly Row[],
  { idOf, placeOf }: Record<'idOf' | 'placeOf', (row: Row) => string>,
): Newest<Row> {
  const placed = (wanted: Row) => rows.findIndex((row) => placeOf(row) === placeOf(wanted))
  const from = before === undefined ? 0 : placed(before) + 1
  // What it follows has gone meanwhile: the page has no place any more.
  if (before !== undefined && from === 0) return { rows, isPart }
  const there = new Set(page.map(idOf))
  const others = (some: readonly Row[]) => some.filter((row) => !there.has(idOf(row)))
  const above = others(rows.slice(0, from))
  const last = page.at(-1)
  if (!last || page.length < AT_ONCE) return { rows: [...above, ...page], isPart: false }
  const until = placed(last)
  // More have come than a page has: what follows is asked for again.
  if (until < 0) return { rows: [...above, ...page], isPart: true }
  return { rows: [...above, ...page, ...others(rows.slice(until + 1))], isPart }
}

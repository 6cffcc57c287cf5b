import {
  QueryClient,
  replaceEqualDeep,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useRef } from 'react'
import { ask, Failure, pathOf, type Verb } from './ask.ts'

/** What is on the screen is this old at most; a page that is not looked at asks for nothing. */
const REFRESH_MS = 4_000
/** What takes long to ask for is asked for more seldom: after so many times as long, a minute at most. */
const REST = 20
const SELDOM_MS = 60_000

export function restAfter(tookMs: number): number {
  return Math.min(SELDOM_MS, Math.max(REFRESH_MS, REST * tookMs))
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        refetchInterval: REFRESH_MS,
        staleTime: 1_000,
        // A server that is away is asked again with each refresh; a refusal stays one.
        retry: false,
        // Loopback and private networks work without what the browser calls being online.
        networkMode: 'always',
        structuralSharing: shared,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

/** Documents with more rows than these are taken as they come: to compare them takes longer than to draw. */
const MANY_ROWS = 500

/** What has not changed stays the same object, and is not drawn again. */
function shared(before: unknown, now: unknown): unknown {
  const parts = typeof now === 'object' && now !== null ? Object.values(now) : []
  const isLong = parts.some((part) => Array.isArray(part) && part.length > MANY_ROWS)
  return isLong ? now : replaceEqualDeep(before, now)
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** What a page asks for first, on its way before that page is drawn; what fails is said when it is. */
export function askAhead(client: QueryClient, documents: readonly AskedDocument[]): void {
  for (const [parts, query] of documents) {
    const path = pathOf(parts, query)
    void client.prefetchQuery({
      queryKey: [path],
      queryFn: ({ signal }) => ask<unknown>('GET', path, { signal }),
    })
  }
}

/** The parts of a document's path, and its query. */
export type AskedDocument = readonly [parts: readonly string[], query?: Query]

/** A document of the API, kept fresh while it is shown. */
export function useDocument<T>(parts: readonly string[], query: Query = {}, enabled = true) {
  const path = pathOf(parts, query)
  const took = useRef(0)
  return useQuery<T, Failure>({
    queryKey: [path],
    queryFn: async ({ signal }) => {
      const began = performance.now()
      const document = await ask<T>('GET', path, { signal })
      took.current = performance.now() - began
      return document
    },
    refetchInterval: () => restAfter(took.current),
    enabled,
  })
}

interface Change {
  readonly verb: Verb
  readonly parts: readonly string[]
  readonly query?: Query
  readonly body?: object
}

/** Something that changes what the server has; afterwards everything shown is asked for again. */
export function useChange<T>() {
  const client = useQueryClient()
  return useMutation<T, Failure, Change>({
    mutationFn: ({ verb, parts, query, body }) =>
      ask<T>(verb, pathOf(parts, query), body ? { body } : {}),
    onSettled: () => client.invalidateQueries(),
  })
}

import { useEffect, useState } from 'react'
import { lines, type Failure } from './ask.ts'

export interface Followed<Found> {
  readonly found: Found
  readonly failure: Failure | undefined
  readonly done: boolean
}

/**
 * What documents that come one after the other amount to so far. `take` makes of the path's documents
 * whatever is shown, anew after each that is worth showing; no path: there is nothing to wait for.
 * `taking` names what `take` looks for, where that is not always the same.
 */
export function useLines<Part, Found>(
  path: string | undefined,
  nothing: Found,
  take: (parts: AsyncIterable<Part>) => AsyncIterable<Found>,
  taking = '',
): Followed<Found> {
  const before = { found: nothing, failure: undefined, done: path === undefined }
  const [followed, setFollowed] = useState<Followed<Found>>(before)
  useEffect(() => {
    const left = new AbortController()
    setFollowed(before)
    const follow = async () => {
      if (path === undefined) return
      for await (const found of take(lines<Part>(path, { signal: left.signal })))
        setFollowed({ found, failure: undefined, done: false })
      setFollowed((so) => ({ ...so, done: true }))
    }
    follow().catch((error: unknown) => {
      if (!left.signal.aborted)
        setFollowed((so) => ({ ...so, failure: error as Failure, done: true }))
    })
    return () => left.abort()
    // `nothing` is the same for all paths of one place, `take` for what it is said to look for.
  }, [path, taking])
  return followed
}

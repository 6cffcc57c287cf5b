import { Button } from '@patternfly/react-core'
import { useEffect, useState } from 'react'
import { ask, type Failure } from '../api/ask.ts'
import { useWords } from '../words/words.tsx'

interface Ways {
  readonly openid: { readonly label: string } | null
}

/** The way to an OpenID provider, where the server knows one. */
export function ProviderButton({ onFailure }: { readonly onFailure: (failure: Failure) => void }) {
  const words = useWords().signIn
  const [ways, setWays] = useState<Ways>({ openid: null })
  const [leaves, setLeaves] = useState(false)
  useEffect(() => {
    // Whoever gets no answer here gets none to a password either, and is told so there.
    ask<Ways>('GET', 'session/ways')
      .then(setWays)
      .catch(() => {})
  }, [])
  if (!ways.openid) return null
  const leave = () => {
    setLeaves(true)
    ask<{ url: string }>('POST', 'session/openid', { body: {} })
      .then(({ url }) => {
        sessionStorage.setItem(LEFT, location.pathname + location.search)
        location.assign(url)
      })
      .catch((error: unknown) => {
        setLeaves(false)
        onFailure(error as Failure)
      })
  }
  return (
    <Button variant="secondary" isBlock isLoading={leaves} isDisabled={leaves} onClick={leave}>
      {words.through(ways.openid.label)}
    </Button>
  )
}

const LEFT = 'holdfast-left'

/**
 * What the provider sent the browser back with; undefined when it comes from elsewhere. It leaves the
 * address for the page from which somebody went there, so this has to be called before anything reads
 * the address.
 */
export function takeAnswer(): string | undefined {
  const { pathname, search } = location
  if (pathname !== '/sign-in' || search === '') return undefined
  history.replaceState(null, '', sessionStorage.getItem(LEFT) ?? '/')
  return search
}

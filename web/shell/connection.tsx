import { Banner } from '@patternfly/react-core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Failure } from '../api/ask.ts'
import { useWords } from '../words/words.tsx'

/** Says that the server is away as long as it is, and lets a session that has ended end. */
export function Connection() {
  const words = useWords()
  const client = useQueryClient()
  const [away, setAway] = useState(false)
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query, type }) => {
        if (type !== 'updated') return
        const { error, fetchStatus } = query.state as { error: unknown; fetchStatus: string }
        if (fetchStatus !== 'idle') return
        const code = error instanceof Failure ? error.code : undefined
        setAway(code === 'server-unreachable')
        if (code === 'credential-missing' || code === 'credential-refused')
          dispatchEvent(new Event('holdfast-session-ended'))
      }),
    [client],
  )
  return (
    <div role="status" aria-live="polite">
      {away && (
        <Banner isSticky status="danger" screenReaderText={words.away}>
          {words.away}
        </Banner>
      )}
    </div>
  )
}

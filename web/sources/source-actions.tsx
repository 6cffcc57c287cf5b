import { Button } from '@patternfly/react-core'
import { useNavigate } from 'react-router'
import type { Source } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

interface Started {
  readonly starts: readonly { readonly job: string | null }[]
}

/** What can be done with a data source at once. */
export function SourceActions({ source }: { readonly source: Source }) {
  const words = useWords()
  const go = useNavigate()
  const change = useChange<Started>()
  const start = (kind: 'point' | 'check') =>
    change.mutate(
      { verb: 'POST', parts: ['transfers'], body: { sources: [source.name], kind } },
      { onSuccess: ({ starts }) => starts[0]?.job && void go(`/jobs/${starts[0].job}`) },
    )
  return (
    <>
      {change.error && <FailureAlert failure={change.error} />}
      <Button variant="link" isInline isDisabled={change.isPending} onClick={() => start('point')}>
        {words.createPoint}
      </Button>{' '}
      {source.points > 0 && (
        <Button
          variant="link"
          isInline
          isDisabled={change.isPending}
          onClick={() => start('check')}
        >
          {words.check}
        </Button>
      )}
    </>
  )
}

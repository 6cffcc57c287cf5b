import { Alert, Button } from '@patternfly/react-core'
import { useState } from 'react'
import type { Subscriber, TestedSubscribers } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

/** Tried at once, or told nothing any more. */
export function SubscriberActions({ subscriber }: { readonly subscriber: Subscriber }) {
  const { settings: words } = useWords()
  const [asked, setAsked] = useState(false)
  const test = useChange<TestedSubscribers>()
  const { address } = subscriber
  const body = { addresses: [address] }
  return (
    <>
      <div className="actions">
        <Button
          variant="secondary"
          aria-label={words.testOf(address)}
          isLoading={test.isPending}
          isDisabled={test.isPending}
          onClick={() => test.mutate({ verb: 'POST', parts: ['subscribers', 'test'], body })}
        >
          {words.test}
        </Button>
        <Button
          variant="link"
          isDanger
          aria-label={words.removeOf(address)}
          onClick={() => setAsked(true)}
        >
          {words.remove}
        </Button>
      </div>
      <div aria-live="polite">
        {test.error && <FailureAlert failure={test.error} />}
        {test.data?.results.map((result) => (
          <Tested key={result.address} result={result} />
        ))}
      </div>
      {asked && <Remove subscriber={subscriber} onClose={() => setAsked(false)} />}
    </>
  )
}

function Tested({ result }: { readonly result: TestedSubscribers['results'][number] }) {
  const { settings: words } = useWords()
  const { error, milliseconds } = result
  if (error === null)
    return <Alert isInline isPlain variant="success" title={words.worked(milliseconds)} />
  return (
    <Alert isInline variant="danger" title={error.message}>
      {error.hint}
    </Alert>
  )
}

interface RemoveProps {
  readonly subscriber: Subscriber
  readonly onClose: () => void
}

function Remove({ subscriber: { id, address }, onClose }: RemoveProps) {
  const { settings: words } = useWords()
  const change = useChange<Subscriber>()
  return (
    <Confirm
      danger
      title={words.removeOf(address)}
      does={words.remove}
      failure={change.error}
      onDo={() =>
        change.mutate({ verb: 'DELETE', parts: ['subscribers', id] }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      {words.removeAbout}
    </Confirm>
  )
}

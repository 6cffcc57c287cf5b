import { Button } from '@patternfly/react-core'
import type { Alert } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

/** Known, or, where the clock jumped, right after all. */
export function AlertActions({ alert }: { readonly alert: Alert }) {
  const words = useWords()
  const may = useMay()
  const acknowledge = useChange<Alert>()
  const confirm = useChange<object>()
  const failure = acknowledge.error ?? confirm.error
  const { id, state, type } = alert
  const isOpen = state !== 'resolved'
  return (
    <>
      {failure && <FailureAlert failure={failure} />}
      <div className="row-actions">
        {state === 'active' ? null : <span>{words.alertStates[state as 'resolved'] ?? state}</span>}
        {state === 'active' && may('AcknowledgeAlert') && (
          <Button
            variant="link"
            isInline
            isDisabled={acknowledge.isPending}
            onClick={() =>
              acknowledge.mutate({ verb: 'POST', parts: ['alerts', id, 'acknowledge'] })
            }
          >
            {words.acknowledge}
          </Button>
        )}
        {type === 'clock-jumped' && isOpen && may('ConfirmClock') && (
          <Button
            variant="link"
            isInline
            isDisabled={confirm.isPending}
            title={words.clock.confirmAbout}
            onClick={() => confirm.mutate({ verb: 'POST', parts: ['clock', 'confirm'] })}
          >
            {words.clock.confirm}
          </Button>
        )}
      </div>
    </>
  )
}

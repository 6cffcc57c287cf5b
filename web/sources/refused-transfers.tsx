import { Alert } from '@patternfly/react-core'
import { FailureAlert } from '../shown/loaded.tsx'
import type { useTransfers } from './start-transfers.ts'

type Props = Pick<ReturnType<typeof useTransfers>, 'refused' | 'failure'>

/** What did not start, and why. */
export function RefusedTransfers({ refused, failure }: Props) {
  return (
    <div role="alert">
      {failure && <FailureAlert failure={failure} />}
      {refused.map(({ source, error }) => (
        <Alert isInline key={source} variant="danger" title={`${source}: ${error?.message}`}>
          {error?.hint}
        </Alert>
      ))}
    </div>
  )
}

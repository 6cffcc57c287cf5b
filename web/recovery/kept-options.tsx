import { Alert } from '@patternfly/react-core'
import { useWords } from '../words/words.tsx'
import type { Kept } from './restore-wish.ts'

/** That it is the same as before, and what of it the form does not show. */
export function KeptOptions({ kept }: { readonly kept: Kept }) {
  const { again } = useWords()
  const { discardMemory, rateHours, timeZone } = kept
  return (
    <Alert isInline variant="info" title={again.asBefore}>
      {discardMemory && <p>{again.discardMemory}</p>}
      {rateHours.map((hours) => (
        <p key={hours}>
          {again.rateHours} {hours} {timeZone}
        </p>
      ))}
    </Alert>
  )
}

import { Label } from '@patternfly/react-core'
import { useWords, type Words } from '../words/words.tsx'

type Color = 'green' | 'orange' | 'red' | 'blue' | 'grey'

/** Red is kept for what somebody has to act on. */
const COLORS: Readonly<Record<string, Color>> = {
  ready: 'green',
  partial: 'orange',
  suspect: 'orange',
  damaged: 'red',
  deleted: 'grey',
  ok: 'green',
  inconsistent: 'red',
  missing: 'red',
  checking: 'blue',
  initializing: 'blue',
  'init-pending': 'grey',
  'manual-pending': 'orange',
  inactive: 'grey',
  queued: 'grey',
  running: 'blue',
  completed: 'green',
  'completed-with-warnings': 'orange',
  failed: 'red',
  cancelled: 'grey',
  skipped: 'grey',
  online: 'green',
  unreachable: 'red',
  incompatible: 'red',
  revoked: 'grey',
  critical: 'red',
  warning: 'orange',
  informational: 'blue',
}

/** A state in the product's own word, coloured by whether it needs a hand. */
export function StateLabel({ state }: { readonly state: string }) {
  const { states } = useWords()
  return (
    <Label isCompact color={COLORS[state] ?? 'grey'}>
      {states[state as keyof Words['states']] ?? state}
    </Label>
  )
}

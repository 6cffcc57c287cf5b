import { Alert, AlertGroup } from '@patternfly/react-core'
import { Link } from 'react-router'
import type { Alert as Told } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useWords } from '../words/words.tsx'

const SHOWN = 5

/** The first alerts, with what to do; red only where somebody must act. */
export function NeedsAHand() {
  const { overview, places } = useWords()
  const alerts = useDocument<{ alerts: Told[] }>(['alerts'])
  const open = (alerts.data?.alerts ?? []).filter(
    ({ state, severity }) => state === 'active' && severity !== 'informational',
  )
  if (open.length === 0) return null
  return (
    <section>
      <h2>{overview.needsAHand}</h2>
      <AlertGroup>
        {open.slice(0, SHOWN).map(({ id, severity, cause, action }) => (
          <Alert
            key={id}
            isInline
            isPlain
            variant={severity === 'critical' ? 'danger' : 'warning'}
            title={cause}
          >
            {action}
          </Alert>
        ))}
      </AlertGroup>
      {open.length > SHOWN && <Link to="/alerts">{places.alerts}</Link>}
    </section>
  )
}

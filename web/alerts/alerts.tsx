import { Button, Switch } from '@patternfly/react-core'
import { useState } from 'react'
import type { Alert } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'

/** What needs a hand: why, and what to do. */
export function Alerts() {
  const words = useWords()
  const { columns } = words
  const [all, setAll] = useState(false)
  const alerts = useDocument<{ alerts: Alert[] }>(['alerts'], { all })
  const filter = (
    <Switch label={words.alsoResolved} isChecked={all} onChange={(_, checked) => setAll(checked)} />
  )
  return (
    <Page title={words.places.alerts} actions={filter}>
      <Loaded of={alerts}>
        {({ alerts }) => (
          <ListTable
            label={words.places.alerts}
            rows={alerts}
            keyOf={({ id }) => id}
            empty={words.noAlerts}
            columns={[
              { title: columns.severity, show: ({ severity }) => <StateLabel state={severity} /> },
              {
                title: columns.about,
                show: ({ objectName }) => objectName,
                sortBy: ({ objectName }) => objectName,
              },
              { title: columns.cause, show: ({ cause }) => cause },
              { title: columns.action, show: ({ action }) => action },
              { title: columns.count, show: ({ count }) => count, sortBy: ({ count }) => count },
              {
                title: columns.lastSeen,
                show: ({ lastSeenAt }) => <Moment relative at={lastSeenAt} />,
                sortBy: ({ lastSeenAt }) => lastSeenAt,
              },
              { title: columns.state, show: (alert) => <Acknowledge alert={alert} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

function Acknowledge({ alert }: { readonly alert: Alert }) {
  const words = useWords()
  const change = useChange<Alert>()
  if (alert.state !== 'active') return <>{alert.state}</>
  return (
    <Button
      variant="link"
      isInline
      isDisabled={change.isPending}
      onClick={() => change.mutate({ verb: 'POST', parts: ['alerts', alert.id, 'acknowledge'] })}
    >
      {words.acknowledge}
    </Button>
  )
}

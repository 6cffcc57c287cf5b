import { ClipboardCopy, Switch } from '@patternfly/react-core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Alert } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'
import { AlertActions } from './alert-actions.tsx'

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
                show: (alert) => <About alert={alert} />,
                sortBy: ({ objectName }) => objectName,
              },
              { title: columns.cause, show: ({ cause }) => cause },
              { title: columns.action, show: (alert) => <WhatToDo alert={alert} /> },
              { title: columns.count, show: ({ count }) => count, sortBy: ({ count }) => count },
              {
                title: columns.lastSeen,
                show: ({ lastSeenAt }) => <Moment relative at={lastSeenAt} />,
                sortBy: ({ lastSeenAt }) => lastSeenAt,
              },
              { title: columns.state, show: (alert) => <AlertActions alert={alert} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

/** What it is about leads there, where there is a page of it. */
function About({ alert: { object, objectName } }: { readonly alert: Alert }) {
  const may = useMay()
  const isSource = objectName.includes('/') && may('ListPoints')
  if (isSource) return <Link to={`/recovery/${encodeURIComponent(objectName)}`}>{objectName}</Link>
  if (object.startsWith('host-')) return <Link to="/hosts">{objectName}</Link>
  return <>{objectName}</>
}

function WhatToDo({ alert: { action, command } }: { readonly alert: Alert }) {
  const { copy, copied } = useWords()
  return (
    <>
      {action}
      {command !== '' && (
        <ClipboardCopy
          variant="inline-compact"
          isCode
          hoverTip={copy}
          clickTip={copied}
          className="path"
        >
          {command}
        </ClipboardCopy>
      )}
    </>
  )
}

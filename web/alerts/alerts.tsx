import { Switch } from '@patternfly/react-core'
import { Link, useSearchParams } from 'react-router'
import type { Alert } from '../api/documents.ts'
import { useNewest } from '../api/use-newest.ts'
import type { Column } from '../shown/column.ts'
import { Moment } from '../shown/moment.tsx'
import { NewestTable } from '../shown/newest-table.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useOrder } from '../shown/use-order.ts'
import { useWords } from '../words/words.tsx'
import { About, WhatToDo } from './about.tsx'
import { AlertActions } from './alert-actions.tsx'

/** What needs a hand: why, and what to do. */
export function Alerts() {
  const words = useWords()
  const [search, setSearch] = useSearchParams()
  const all = search.has('all')
  const columns = useAlertColumns()
  const order = useOrder(columns, 'seen')
  const alerts = useNewest<Alert>({
    ...{ parts: ['alerts'], order, field: 'alerts', idOf: ({ id }) => id },
    query: { all },
  })
  const filter = (
    <Switch
      label={words.alsoResolved}
      isChecked={all}
      onChange={(_, checked) =>
        setSearch((now) => {
          if (checked) now.set('all', '')
          else now.delete('all')
          return now
        })
      }
    />
  )
  return (
    <Page title={words.places.alerts} actions={filter}>
      <NewestTable
        of={alerts}
        {...{ order, columns }}
        label={words.places.alerts}
        keyOf={({ id }) => id}
        empty={words.noAlerts}
      />
    </Page>
  )
}

function useAlertColumns(): readonly Column<Alert>[] {
  const { columns } = useWords()
  return [
    {
      title: columns.about,
      width: 20,
      show: (alert) => (
        <>
          <div>
            <StateLabel state={alert.severity} />
          </div>
          <About alert={alert} />
        </>
      ),
      sortBy: ({ objectName }) => objectName,
      order: 'object',
    },
    {
      title: columns.cause,
      width: 40,
      show: (alert) => (
        <>
          <Link to={`/alerts/${alert.id}`}>{alert.cause}</Link>
          <WhatToDo alert={alert} />
        </>
      ),
    },
    {
      title: columns.count,
      width: 10,
      show: ({ count }) => count,
      sortBy: ({ count }) => count,
      order: 'count',
    },
    {
      title: columns.lastSeen,
      width: 15,
      show: ({ lastSeenAt }) => <Moment relative at={lastSeenAt} />,
      sortBy: ({ lastSeenAt }) => lastSeenAt,
      order: 'seen',
    },
    { title: columns.state, width: 15, show: (alert) => <AlertActions alert={alert} /> },
  ]
}

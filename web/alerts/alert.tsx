import type { ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import type { Alert } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'
import { About, WhatToDo } from './about.tsx'
import { AlertActions } from './alert-actions.tsx'
import { FactList } from '../shown/fact-list.tsx'

/** One alert, at an address that can be handed on. */
export function AlertPage() {
  const { alert: id = '' } = useParams()
  const { alertOf, places } = useWords()
  const alert = useDocument<Alert>(['alerts', id])
  const title = alert.data ? alertOf(alert.data.objectName) : places.alerts
  return (
    <Page title={title} actions={alert.data && <AlertActions alert={alert.data} />}>
      <Loaded of={alert}>{(alert) => <Told alert={alert} />}</Loaded>
    </Page>
  )
}

function Told({ alert }: { readonly alert: Alert }) {
  const { columns, alertStates, happenedThere, resolvedAt } = useWords()
  const { severity, state, cause, count, object } = alert
  const facts: [string, ReactNode][] = [
    [columns.severity, <StateLabel key="severity" state={severity} />],
    [columns.state, alertStates[state as keyof typeof alertStates] ?? state],
    [columns.about, <About key="about" alert={alert} />],
    [columns.cause, cause],
    [columns.action, <WhatToDo key="action" alert={alert} />],
    [columns.kind, alert.type],
    [columns.count, count],
    [columns.firstSeen, <Moment key="first" at={alert.firstSeenAt} />],
    [columns.lastSeen, <Moment key="last" at={alert.lastSeenAt} />],
  ]
  if (alert.resolvedAt !== null)
    facts.push([resolvedAt, <Moment key="resolved" at={alert.resolvedAt} />])
  return (
    <>
      <FactList facts={facts} />
      <p className="spaced">
        <Link to={`/events?about=${encodeURIComponent(object)}`}>{happenedThere}</Link>
      </p>
    </>
  )
}

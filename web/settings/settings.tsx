import { Button, Label } from '@patternfly/react-core'
import { useState } from 'react'
import type { Subscriber } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords, type Words } from '../words/words.tsx'
import { AddSubscriber } from './add-subscriber.tsx'
import { Mail } from './mail.tsx'
import { SubscriberActions } from './subscriber-actions.tsx'

/** Who is told of alerts, by mail or webhook, and whether that works; how mail is sent. */
export function Settings() {
  const { places, settings: words } = useWords()
  const subscribers = useDocument<{ subscribers: Subscriber[] }>(['subscribers'])
  const [adding, setAdding] = useState(false)
  const add = <Button onClick={() => setAdding(true)}>{words.add}</Button>
  return (
    <Page title={places.settings} actions={add}>
      {adding && <AddSubscriber onClose={() => setAdding(false)} />}
      <section>
        <h2>{words.notices}</h2>
        <p>{words.about}</p>
        <Loaded of={subscribers}>{({ subscribers }) => <List subscribers={subscribers} />}</Loaded>
      </section>
      <Mail />
    </Page>
  )
}

function List({ subscribers }: { readonly subscribers: readonly Subscriber[] }) {
  const { settings: words, actions, places } = useWords()
  return (
    <ListTable
      label={words.notices}
      rows={subscribers}
      keyOf={({ id }) => id}
      empty={words.none}
      columns={[
        { title: words.kind, show: ({ kind }) => (kind === 'mail' ? words.mail : words.webhook) },
        { title: words.address, show: ({ address }) => <span className="path">{address}</span> },
        {
          title: words.severities,
          show: ({ severities }) => <Severities severities={severities} />,
        },
        { title: words.digest, show: ({ digest }) => (digest ? words.yes : words.no) },
        { title: places.reports, show: ({ reports }) => <Periods reports={reports} /> },
        { title: words.lastSent, show: ({ lastSentAt }) => <Moment relative at={lastSentAt} /> },
        { title: words.waiting, show: (subscriber) => <Waiting subscriber={subscriber} /> },
        {
          title: actions,
          isActions: true,
          show: (subscriber) => <SubscriberActions subscriber={subscriber} />,
        },
      ]}
    />
  )
}

function Severities({ severities }: Pick<Subscriber, 'severities'>) {
  const { states } = useWords()
  return <>{severities.map((one) => states[one as keyof Words['states']] ?? one).join(', ')}</>
}

function Periods({ reports }: Pick<Subscriber, 'reports'>) {
  const { periods } = useWords().reports
  return <>{reports.map((one) => periods[one as keyof typeof periods] ?? one).join(', ')}</>
}

function Waiting({ subscriber: { waiting, failure } }: { readonly subscriber: Subscriber }) {
  if (failure === null) return <>{waiting}</>
  return (
    <>
      {waiting}{' '}
      <Label isCompact color="red">
        {failure}
      </Label>
    </>
  )
}

import { Link } from 'react-router'
import type { Event } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'

const NEWEST = 1_000

/** What happened, newest first. */
export function Events() {
  const words = useWords()
  const { columns } = words
  const events = useDocument<{ events: Event[] }>(['events'], { limit: NEWEST })
  return (
    <Page title={words.places.events}>
      <Loaded of={events}>
        {({ events }) => (
          <ListTable
            label={words.places.events}
            rows={events}
            keyOf={({ id }) => id}
            empty={words.noEvents}
            columns={[
              { title: columns.at, show: ({ at }) => <Moment at={at} />, sortBy: ({ at }) => at },
              { title: columns.kind, show: ({ kind }) => kind, sortBy: ({ kind }) => kind },
              {
                title: columns.about,
                show: ({ about }) => <About id={about} />,
                sortBy: ({ about }) => about,
              },
              { title: columns.message, show: ({ message }) => message },
              {
                title: columns.actor,
                show: ({ actor }) => actor ?? '–',
                sortBy: ({ actor }) => actor ?? '',
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

/** Jobs and points have pages of their own; everything else is named in the sentence. */
function About({ id }: { readonly id: string }) {
  if (id.startsWith('j-')) return <Link to={`/jobs/${id}`}>{id}</Link>
  if (id.startsWith('p-')) return <Link to={`/points/${id}`}>{id}</Link>
  return <>{id}</>
}

import { Link, useSearchParams } from 'react-router'
import type { Event } from '../api/documents.ts'
import { useNewest } from '../api/use-newest.ts'
import type { Column } from '../shown/column.ts'
import { endOfDay, startOfDay } from '../shown/format.ts'
import { Moment } from '../shown/moment.tsx'
import { NewestTable } from '../shown/newest-table.tsx'
import { Page } from '../shown/page.tsx'
import { useOrder } from '../shown/use-order.ts'
import { useWords } from '../words/words.tsx'
import { EventFilters } from './event-filters.tsx'

/** What happened; filters and order are part of the address. */
export function Events() {
  const words = useWords()
  const [search] = useSearchParams()
  const given = (name: string) => search.get(name) || undefined
  const until = given('until')
  const columns = useEventColumns()
  const order = useOrder(columns, 'at')
  const events = useNewest<Event>({
    ...{ parts: ['events'], order, field: 'events', idOf: ({ id }) => id },
    query: {
      ...{ kind: given('kind'), about: given('about'), text: given('text') },
      since: startOfDay(given('since')),
      until: until && endOfDay(until),
    },
  })
  return (
    <Page title={words.places.events}>
      <EventFilters />
      <NewestTable
        of={events}
        {...{ order, columns }}
        label={words.places.events}
        keyOf={({ id }) => id}
        empty={isFiltered(search) ? words.eventFilters.none : words.noEvents}
      />
    </Page>
  )
}

/** An order leaves nothing out. */
function isFiltered(search: URLSearchParams): boolean {
  return [...search.keys()].some((name) => name !== 'order' && name !== 'descending')
}

function useEventColumns(): readonly Column<Event>[] {
  const { columns } = useWords()
  return [
    {
      title: columns.at,
      width: 15,
      show: ({ at }) => <Moment at={at} />,
      sortBy: ({ at }) => at,
      order: 'at',
    },
    {
      title: columns.kind,
      width: 15,
      show: ({ kind }) => kind,
      sortBy: ({ kind }) => kind,
      order: 'kind',
    },
    {
      title: columns.about,
      width: 15,
      show: ({ about }) => <About id={about} />,
      sortBy: ({ about }) => about,
      order: 'about',
    },
    { title: columns.message, width: 40, show: ({ message }) => message },
    {
      title: columns.actor,
      width: 15,
      show: ({ actor }) => actor ?? '–',
      sortBy: ({ actor }) => actor ?? '',
      order: 'actor',
    },
  ]
}

/** Jobs and points have pages of their own; everything else is named in the sentence. */
function About({ id }: { readonly id: string }) {
  if (id.startsWith('j-')) return <Link to={`/jobs/${id}`}>{id}</Link>
  if (id.startsWith('p-')) return <Link to={`/points/${id}`}>{id}</Link>
  return <>{id}</>
}

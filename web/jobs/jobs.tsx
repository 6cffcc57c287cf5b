import { useSearchParams } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useNewest } from '../api/use-newest.ts'
import { startOfDay } from '../shown/format.ts'
import { NewestTable } from '../shown/newest-table.tsx'
import { Page } from '../shown/page.tsx'
import { useOrder } from '../shown/use-order.ts'
import { useWords } from '../words/words.tsx'
import { JobFilters } from './job-filters.tsx'
import { useJobColumns } from './job-table.tsx'

/** What runs, what waits and what was; filters and order are part of the address. */
export function Jobs() {
  const words = useWords()
  const [search] = useSearchParams()
  const given = (name: string) => search.get(name) || undefined
  const columns = useJobColumns()
  const order = useOrder(columns, 'queued')
  const jobs = useNewest<Job>({
    ...{ parts: ['jobs'], order, field: 'jobs', idOf: ({ id }) => id },
    query: {
      ...{ state: given('state'), kind: given('kind'), source: given('source') },
      since: startOfDay(given('since')),
    },
  })
  return (
    <Page title={words.places.jobs}>
      <JobFilters />
      <NewestTable
        of={jobs}
        {...{ order, columns }}
        label={words.places.jobs}
        keyOf={({ id }) => id}
        empty={words.noJobs}
      />
    </Page>
  )
}

import { useSearchParams } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useNewest } from '../api/use-newest.ts'
import { startOfDay } from '../shown/format.ts'
import { NewestTable } from '../shown/newest-table.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { JobFilters } from './job-filters.tsx'
import { useJobColumns } from './job-table.tsx'

/** What runs, what waits and what was; filters are part of the address. */
export function Jobs() {
  const words = useWords()
  const [search] = useSearchParams()
  const given = (name: string) => search.get(name) || undefined
  const jobs = useNewest<Job>({
    ...{ parts: ['jobs'], field: 'jobs', idOf: ({ id }) => id },
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
        label={words.places.jobs}
        keyOf={({ id }) => id}
        empty={words.noJobs}
        columns={useJobColumns()}
      />
    </Page>
  )
}

import { useSearchParams } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { startOfDay } from '../shown/format.ts'
import { Loaded } from '../shown/loaded.tsx'
import { Older } from '../shown/older.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { JobFilters } from './job-filters.tsx'
import { JobTable } from './job-table.tsx'

const AT_ONCE = 1_000

/** What runs, what waits and what was; filters and place are part of the address. */
export function Jobs() {
  const words = useWords()
  const [search] = useSearchParams()
  const given = (name: string) => search.get(name) || undefined
  const jobs = useDocument<{ jobs: Job[] }>(['jobs'], {
    ...{ state: given('state'), kind: given('kind'), source: given('source') },
    ...{ since: startOfDay(given('since')), before: given('before'), limit: AT_ONCE },
  })
  return (
    <Page title={words.places.jobs}>
      <JobFilters />
      <Loaded of={jobs}>
        {({ jobs }) => (
          <>
            <JobTable jobs={jobs} empty={words.noJobs} />
            <Older last={jobs.length < AT_ONCE ? undefined : jobs.at(-1)?.id} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

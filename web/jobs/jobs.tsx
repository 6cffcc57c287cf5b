import { FormSelect, FormSelectOption } from '@patternfly/react-core'
import { useSearchParams } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { Loaded } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { JobTable } from './job-table.tsx'

const STATES = [
  'running',
  'queued',
  'completed',
  'completed-with-warnings',
  'failed',
  'cancelled',
  'skipped',
] as const

const NEWEST = 1_000

/** What runs, what waits and what was; the filter is part of the address. */
export function Jobs() {
  const words = useWords()
  const [search, setSearch] = useSearchParams()
  const state = search.get('state') ?? ''
  const jobs = useDocument<{ jobs: Job[] }>(['jobs'], { state, limit: NEWEST })
  const filter = (
    <FormSelect
      aria-label={words.columns.state}
      value={state}
      onChange={(_, chosen) => setSearch(chosen ? { state: chosen } : {})}
    >
      <FormSelectOption value="" label={words.everything} />
      {STATES.map((one) => (
        <FormSelectOption key={one} value={one} label={words.states[one]} />
      ))}
    </FormSelect>
  )
  return (
    <Page title={words.places.jobs} actions={filter}>
      <Loaded of={jobs}>{({ jobs }) => <JobTable jobs={jobs} empty={words.noJobs} />}</Loaded>
    </Page>
  )
}

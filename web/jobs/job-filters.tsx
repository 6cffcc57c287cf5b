import type { Source } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { FilterChoice, FilterDay, FilterName, Filters } from '../shown/list-filters.tsx'
import { useWords } from '../words/words.tsx'

const STATES = [
  'running',
  'queued',
  'completed',
  'completed-with-warnings',
  'failed',
  'cancelled',
  'skipped',
] as const

/** Which state, which kind, of what, since when: all of it part of the address. */
export function JobFilters() {
  const { columns, states, jobKinds, jobFilters: words } = useWords()
  const sources = useDocument<{ sources: Source[] }>(['sources'])
  const names = (sources.data?.sources ?? []).map(({ name }) => name)
  const shown = STATES.map((one) => [one, states[one]] as const)
  const kinds = Object.entries(jobKinds)
  return (
    <Filters>
      <FilterChoice name="state" label={columns.state} any={words.anyState} choices={shown} />
      <FilterChoice name="kind" label={columns.kind} any={words.anyKind} choices={kinds} />
      <FilterName name="source" label={columns.source} any={words.anySource} names={names} />
      <FilterDay name="since" label={words.since} />
    </Filters>
  )
}

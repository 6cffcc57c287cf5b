import type { OperatorInfo } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { FilterChoice, FilterDay, FilterName, Filters } from '../shown/list-filters.tsx'
import { useWords } from '../words/words.tsx'

const OUTCOMES = ['done', 'failed', 'refused'] as const

/** By whom, how it ended, since when. */
export function AuditFilters() {
  const { audit: words, everything } = useWords()
  const operators = useDocument<{ operators: OperatorInfo[] }>(['operators'])
  const names = (operators.data?.operators ?? []).map(({ name }) => name)
  const outcomes = OUTCOMES.map((one) => [one, words.outcomes[one]] as const)
  return (
    <Filters>
      <FilterName name="actor" label={words.actor} any={words.anybody} names={names} />
      <FilterChoice name="outcome" label={words.outcome} any={everything} choices={outcomes} />
      <FilterDay name="since" label={words.since} />
    </Filters>
  )
}

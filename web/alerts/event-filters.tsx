import { EVENT_AREAS } from '../../core/model/event-area.ts'
import { FilterChoice, FilterDay, Filters, FilterText } from '../shown/list-filters.tsx'
import { useWords } from '../words/words.tsx'

/** Which kind, about what, when, with which words: all of it part of the address. */
export function EventFilters() {
  const { columns, eventAreas, eventFilters: words } = useWords()
  const kinds = EVENT_AREAS.map((area) => [area, eventAreas[area]] as const)
  return (
    <Filters>
      <FilterChoice name="kind" label={columns.kind} any={words.anyKind} choices={kinds} />
      <FilterText name="about" label={words.about} />
      <FilterText name="text" label={words.text} />
      <FilterDay name="since" label={words.since} />
      <FilterDay name="until" label={words.until} />
    </Filters>
  )
}

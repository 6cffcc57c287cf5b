import {
  FormSelect,
  FormSelectOption,
  TextInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core'
import { useSearchParams } from 'react-router'
import type { OperatorInfo } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useWords } from '../words/words.tsx'

const OUTCOMES = ['done', 'failed', 'refused'] as const

/** By whom, how it ended, since when. */
export function AuditFilters() {
  const { audit: words, everything } = useWords()
  const [search, setSearch] = useSearchParams()
  const operators = useDocument<{ operators: OperatorInfo[] }>(['operators'])
  const names = new Set((operators.data?.operators ?? []).map(({ name }) => name))
  const actor = search.get('actor') ?? ''
  // Somebody who was removed is in the log all the same.
  if (actor !== '') names.add(actor)
  const set = (name: string) => (_: unknown, value: string) => {
    const next = new URLSearchParams(search)
    next.delete('before')
    if (value === '') next.delete(name)
    else next.set(name, value)
    setSearch(next)
  }
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <FormSelect aria-label={words.actor} value={actor} onChange={set('actor')}>
            <FormSelectOption value="" label={words.anybody} />
            {[...names].sort().map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </ToolbarItem>
        <ToolbarItem>
          <FormSelect
            aria-label={words.outcome}
            value={search.get('outcome') ?? ''}
            onChange={set('outcome')}
          >
            <FormSelectOption value="" label={everything} />
            {OUTCOMES.map((one) => (
              <FormSelectOption key={one} value={one} label={words.outcomes[one]} />
            ))}
          </FormSelect>
        </ToolbarItem>
        <ToolbarItem>
          <TextInput
            type="date"
            aria-label={words.since}
            value={search.get('since') ?? ''}
            onChange={set('since')}
          />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  )
}

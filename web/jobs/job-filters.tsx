import {
  FormSelect,
  FormSelectOption,
  TextInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core'
import { useSearchParams } from 'react-router'
import type { Source } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
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
  const [search, setSearch] = useSearchParams()
  const sources = useDocument<{ sources: Source[] }>(['sources'])
  const set = (name: string) => (_: unknown, value: string) => {
    const next = new URLSearchParams(search)
    next.delete('before')
    if (value === '') next.delete(name)
    else next.set(name, value)
    setSearch(next)
  }
  const source = search.get('source') ?? ''
  const names = new Set((sources.data?.sources ?? []).map(({ name }) => name))
  if (source !== '') names.add(source)
  const choose = (name: string, label: string, any: string, choices: readonly Choice[]) => (
    <ToolbarItem>
      <FormSelect aria-label={label} value={search.get(name) ?? ''} onChange={set(name)}>
        <FormSelectOption value="" label={any} />
        {choices.map(([value, shown]) => (
          <FormSelectOption key={value} value={value} label={shown} />
        ))}
      </FormSelect>
    </ToolbarItem>
  )
  return (
    <Toolbar>
      <ToolbarContent>
        {choose(
          'state',
          columns.state,
          words.anyState,
          STATES.map((one) => [one, states[one]]),
        )}
        {choose('kind', columns.kind, words.anyKind, Object.entries(jobKinds))}
        {choose(
          'source',
          columns.source,
          words.anySource,
          [...names].sort().map((n) => [n, n]),
        )}
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

type Choice = readonly [string, string]

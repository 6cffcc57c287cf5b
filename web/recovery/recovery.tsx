import { SearchInput } from '@patternfly/react-core'
import { Link, useSearchParams } from 'react-router'
import type { Source } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'

/** Which machine is it about? Those that have points, by name. */
export function Recovery() {
  const words = useWords()
  const { columns } = words
  const [search, setSearch] = useSearchParams()
  const wanted = search.get('name') ?? ''
  const sources = useDocument<{ sources: Source[] }>(['sources'])
  const isWanted = ({ name, points }: Source) =>
    points > 0 && name.toLowerCase().includes(wanted.toLowerCase())
  const filter = (
    <SearchInput
      aria-label={words.searchSource}
      placeholder={words.searchSource}
      value={wanted}
      onChange={(_, text) => setSearch(text ? { name: text } : {}, { replace: true })}
      onClear={() => setSearch({}, { replace: true })}
    />
  )
  return (
    <Page title={words.places.recovery} actions={filter}>
      <Loaded of={sources}>
        {({ sources }) => (
          <ListTable
            label={words.places.recovery}
            rows={sources.filter(isWanted)}
            keyOf={({ id }) => id}
            empty={words.noPoints}
            columns={[
              {
                title: columns.source,
                show: ({ name }) => (
                  <Link to={`/recovery/${encodeURIComponent(name)}`}>{name}</Link>
                ),
                sortBy: ({ name }) => name,
              },
              {
                title: columns.points,
                show: ({ points }) => points,
                sortBy: ({ points }) => points,
              },
              {
                title: columns.lastPoint,
                show: ({ lastPoint }) => <Moment at={lastPoint?.createdAt ?? null} />,
                sortBy: ({ lastPoint }) => lastPoint?.createdAt ?? '',
              },
              { title: columns.state, show: ({ state }) => <Term word={state} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

import { Switch } from '@patternfly/react-core'
import { Link, useSearchParams } from 'react-router'
import type { Source } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import type { Column } from '../shown/column.ts'
import { bytes } from '../shown/format.ts'
import { Filters, FilterText } from '../shown/list-filters.tsx'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { SourceActions } from './source-actions.tsx'

/** What hosts offer, and what of it is protected. Filters are part of the address. */
export function Sources() {
  const words = useWords()
  const [search, setSearch] = useSearchParams()
  const [unprotected, name] = [search.has('unprotected'), search.get('name') ?? '']
  const sources = useDocument<{ sources: Source[] }>(['sources'], { unprotected })
  const choose = (isChecked: boolean) => {
    const next = new URLSearchParams(search)
    if (isChecked) next.set('unprotected', '')
    else next.delete('unprotected')
    setSearch(next)
  }
  const filter = (
    <Switch
      label={words.onlyUnprotected}
      isChecked={unprotected}
      onChange={(_, isChecked) => choose(isChecked)}
    />
  )
  const columns = useSourceColumns()
  return (
    <Page title={words.places.protection} actions={filter}>
      <Filters>
        <FilterText name="name" label={words.sourceName} />
      </Filters>
      <Loaded of={sources}>
        {({ sources }) => (
          <ListTable
            label={words.places.protection}
            rows={named(sources, name)}
            keyOf={({ id }) => id}
            empty={name === '' ? words.overview.noSources : words.noSuchSource}
            columns={columns}
          />
        )}
      </Loaded>
    </Page>
  )
}

function named(sources: readonly Source[], part: string): readonly Source[] {
  const wanted = part.toLowerCase()
  return sources.filter(({ name }) => name.toLowerCase().includes(wanted))
}

function useSourceColumns(): readonly Column<Source>[] {
  const words = useWords()
  const { columns } = words
  return [
    {
      title: columns.source,
      width: 25,
      show: ({ name }) => <Link to={`/recovery/${encodeURIComponent(name)}`}>{name}</Link>,
      sortBy: ({ name }) => name,
    },
    {
      title: columns.kind,
      width: 15,
      show: ({ kind }) => <Term word={kind} />,
      sortBy: ({ kind }) => kind,
    },
    { title: columns.state, width: 10, show: ({ state }) => <Term word={state} /> },
    {
      title: columns.replica,
      width: 15,
      show: ({ replicaState }) => <StateLabel state={replicaState} />,
    },
    {
      title: columns.size,
      width: 10,
      show: ({ disks }) => bytes(disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
    },
    {
      title: columns.lastPoint,
      width: 15,
      show: ({ lastPoint }) => <Moment relative at={lastPoint?.createdAt ?? null} />,
    },
    { title: words.actions, width: 10, show: (source) => <SourceActions source={source} /> },
  ]
}

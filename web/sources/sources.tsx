import { Switch } from '@patternfly/react-core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Source } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { SourceActions } from './source-actions.tsx'

/** What hosts offer, and what of it is protected. */
export function Sources() {
  const words = useWords()
  const { columns } = words
  const [unprotected, setUnprotected] = useState(false)
  const sources = useDocument<{ sources: Source[] }>(['sources'], { unprotected })
  const filter = (
    <Switch
      label={words.onlyUnprotected}
      isChecked={unprotected}
      onChange={(_, checked) => setUnprotected(checked)}
    />
  )
  return (
    <Page title={words.places.protection} actions={filter}>
      <Loaded of={sources}>
        {({ sources }) => (
          <ListTable
            label={words.places.protection}
            rows={sources}
            keyOf={({ id }) => id}
            empty={words.overview.noSources}
            columns={[
              {
                title: columns.source,
                show: ({ name }) => (
                  <Link to={`/recovery/${encodeURIComponent(name)}`}>{name}</Link>
                ),
                sortBy: ({ name }) => name,
              },
              {
                title: columns.kind,
                show: ({ kind }) => <Term word={kind} />,
                sortBy: ({ kind }) => kind,
              },
              { title: columns.state, show: ({ state }) => <Term word={state} /> },
              {
                title: columns.replica,
                show: ({ replicaState }) => <StateLabel state={replicaState} />,
              },
              {
                title: columns.size,
                show: ({ disks }) =>
                  bytes(disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
              },
              {
                title: columns.lastPoint,
                show: ({ lastPoint }) => <Moment relative at={lastPoint?.createdAt ?? null} />,
              },
              { title: words.actions, show: (source) => <SourceActions source={source} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

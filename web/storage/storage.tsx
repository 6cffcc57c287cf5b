import { Progress } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Storage } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { StorageActions } from './storage-actions.tsx'
import { Usage } from './usage.tsx'
import { FactList } from '../shown/fact-list.tsx'

/** Space: what there is, what it holds, what could be freed. */
export function StoragePage() {
  const words = useWords()
  const storage = useDocument<Storage>(['storage'])
  return (
    <Page title={words.places.storage} actions={<StorageActions />}>
      <Loaded of={storage}>
        {(document) => (
          <>
            <Facts storage={document} />
            <Volumes storage={document} />
            <Usage />
            <p>
              <Link to="/storage/retention">{words.usage.simulate}</Link>
            </p>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Facts({ storage }: { readonly storage: Storage }) {
  const { storage: words } = useWords()
  const { storedBytes, logicalBytes, reclaimableBytes, trashBytes, packs } = storage
  const facts: [string, ReactNode][] = [
    [words.stored, bytes(storedBytes)],
    [words.logical, bytes(logicalBytes)],
    [words.saving, storedBytes > 0 ? `${(logicalBytes / storedBytes).toFixed(1)} : 1` : '–'],
    [words.reclaimable, bytes(reclaimableBytes)],
    [words.trash, bytes(trashBytes)],
    [words.packs, packs],
    [words.oldestUnverified, <Moment key="oldest" relative at={storage.oldestUnverifiedAt} />],
    [words.nextCollect, <Moment key="next" at={storage.nextCollectAt} />],
  ]
  return <FactList facts={facts} isWide />
}

function Volumes({ storage }: { readonly storage: Storage }) {
  const { columns, storage: words } = useWords()
  return (
    <section>
      <h2>{words.volumes}</h2>
      <ListTable
        label={words.volumes}
        rows={storage.volumes}
        keyOf={({ path }) => path}
        empty={words.noVolumes}
        columns={[
          { title: columns.path, show: ({ path }) => <span className="path">{path}</span> },
          { title: columns.state, show: ({ state }) => <Term word={state} /> },
          {
            title: columns.used,
            show: ({ path, totalBytes, freeBytes }) => (
              <Progress
                aria-label={path}
                size="sm"
                className="used"
                value={
                  totalBytes > 0 ? Math.round((100 * (totalBytes - freeBytes)) / totalBytes) : 0
                }
              />
            ),
          },
          { title: columns.free, show: ({ freeBytes }) => bytes(freeBytes) },
          { title: columns.size, show: ({ totalBytes }) => bytes(totalBytes) },
        ]}
      />
    </section>
  )
}

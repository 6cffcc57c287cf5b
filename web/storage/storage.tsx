import {
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Progress,
} from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link, useNavigate } from 'react-router'
import type { Job, Storage } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { Usage } from './usage.tsx'

/** Space: what there is, what it holds, what could be freed. */
export function StoragePage() {
  const words = useWords()
  const storage = useDocument<Storage>(['storage'])
  return (
    <Page title={words.places.storage} actions={<Actions />}>
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

function Actions() {
  const words = useWords()
  const go = useNavigate()
  const change = useChange<Job>()
  const start = (parts: string[], body?: object) =>
    change.mutate({ verb: 'POST', parts, body }, { onSuccess: ({ id }) => void go(`/jobs/${id}`) })
  return (
    <>
      {change.error && <FailureAlert failure={change.error} />}
      <Button variant="secondary" onClick={() => start(['verifications'], { all: true })}>
        {words.verifyAll}
      </Button>{' '}
      <Button variant="secondary" onClick={() => start(['storage', 'collect'])}>
        {words.collect}
      </Button>{' '}
      <Button variant="secondary" onClick={() => start(['storage', 'compact'])}>
        {words.compact}
      </Button>
    </>
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
  return (
    <DescriptionList isHorizontal columnModifier={{ lg: '2Col' }}>
      {facts.map(([term, description]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{description}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  )
}

function Volumes({ storage }: { readonly storage: Storage }) {
  const { columns, storage: words } = useWords()
  return (
    <ListTable
      label={words.volumes}
      rows={storage.volumes}
      keyOf={({ path }) => path}
      empty={words.noVolumes}
      columns={[
        { title: columns.path, show: ({ path }) => <span className="path">{path}</span> },
        { title: columns.state, show: ({ state }) => state },
        {
          title: columns.used,
          show: ({ path, totalBytes, freeBytes }) => (
            <Progress
              aria-label={path}
              size="sm"
              value={totalBytes > 0 ? Math.round((100 * (totalBytes - freeBytes)) / totalBytes) : 0}
            />
          ),
        },
        { title: columns.free, show: ({ freeBytes }) => bytes(freeBytes) },
        { title: columns.size, show: ({ totalBytes }) => bytes(totalBytes) },
      ]}
    />
  )
}

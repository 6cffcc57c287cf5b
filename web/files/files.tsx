import { Alert, Breadcrumb, BreadcrumbItem } from '@patternfly/react-core'
import { Link, useParams, useSearchParams } from 'react-router'
import type { FileEntry } from '../api/documents.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert, Nothing } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { shownName, stepsOf } from './names.ts'
import { useFolder } from './use-folder.ts'

/** Folders and files inside of a point; where one is, is in the address. */
export function Files() {
  const { point = '' } = useParams()
  const words = useWords()
  const [search] = useSearchParams()
  const path = search.get('path') ?? '/'
  const { entries, warnings, failure, done } = useFolder(point, path)
  const to = (path: string) => `/points/${point}/files?path=${encodeURIComponent(path)}`
  return (
    <Page title={words.browseFiles}>
      <Breadcrumb>
        {stepsOf(path).map(({ name, path: step }) => (
          <BreadcrumbItem key={step}>
            <Link to={to(step)}>{name === '' ? words.top : shownName(name)}</Link>
          </BreadcrumbItem>
        ))}
      </Breadcrumb>
      {warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      {failure && <FailureAlert failure={failure} />}
      {!done && entries.length === 0 && !failure && <Nothing title={words.loading} />}
      {(done || entries.length > 0) && !failure && (
        <Listing point={point} path={path} entries={entries} to={to} />
      )}
    </Page>
  )
}

interface ListingProps {
  readonly point: string
  readonly path: string
  readonly entries: readonly FileEntry[]
  readonly to: (path: string) => string
}

function Listing({ path, entries, to }: ListingProps) {
  const words = useWords()
  const { columns } = words
  const below = (name: string) => (path === '/' ? `/${name}` : `${path}/${name}`)
  const target = ({ name, type }: FileEntry) => (type === 'partition' ? `${name}:/` : below(name))
  return (
    <ListTable
      label={words.browseFiles}
      rows={entries}
      keyOf={({ name }) => name}
      empty={words.emptyFolder}
      columns={[
        {
          title: columns.name,
          show: (entry) =>
            entry.type === 'folder' || entry.type === 'partition' ? (
              <Link to={to(target(entry))}>{shownName(entry.name)}</Link>
            ) : (
              shownName(entry.name)
            ),
          sortBy: ({ name }) => name,
        },
        {
          title: columns.kind,
          show: ({ type, content }) => content ?? type,
          sortBy: ({ type }) => type,
        },
        {
          title: columns.size,
          show: ({ sizeBytes }) => bytes(sizeBytes),
          sortBy: ({ sizeBytes }) => sizeBytes,
        },
        {
          title: columns.modified,
          show: ({ status }) => (
            <Moment at={status?.modifiedAt ? isoOf(status.modifiedAt.seconds) : null} />
          ),
          sortBy: ({ status }) => status?.modifiedAt?.seconds ?? 0,
        },
        { title: columns.reason, show: ({ error }) => error?.message ?? '' },
      ]}
    />
  )
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

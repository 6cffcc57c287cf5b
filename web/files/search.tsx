import { Alert, Checkbox, SearchInput } from '@patternfly/react-core'
import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { downloadOf } from './download.ts'
import { shownName } from './names.ts'
import { useSearch, type Version } from './use-search.ts'

/** Where is that file? Each version once, with the points that have it. */
export function SearchFiles() {
  const { source = '' } = useParams()
  const { files } = useWords()
  const [search, setSearch] = useSearchParams()
  const pattern = search.get('pattern') ?? ''
  const ignoreCase = search.get('ignoreCase') !== 'false'
  const [text, setText] = useState(pattern)
  const { found, failure, done } = useSearch(source, pattern, ignoreCase)
  const look = (pattern: string, ignoreCase: boolean) =>
    setSearch({ pattern, ignoreCase: String(ignoreCase) })
  return (
    <Page title={files.searchIn(source)}>
      <form
        role="search"
        className="actions"
        onSubmit={(event) => {
          event.preventDefault()
          look(text, ignoreCase)
        }}
      >
        <SearchInput
          aria-label={files.pattern}
          placeholder={files.patternHelp}
          value={text}
          onChange={(_, text) => setText(text)}
          // Enter is the field's own.
          onSearch={() => look(text, ignoreCase)}
          submitSearchButtonLabel={files.search}
          onClear={() => setText('')}
        />
        <Checkbox
          id="ignore-case"
          label={files.ignoreCase}
          isChecked={ignoreCase}
          onChange={(_, ignoreCase) => look(pattern, ignoreCase)}
        />
      </form>
      {pattern !== '' && <p aria-live="polite">{files.searched(found.searched, done)}</p>}
      {failure && <FailureAlert failure={failure} />}
      {found.warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      {pattern !== '' && <Versions versions={found.versions} done={done} />}
    </Page>
  )
}

interface VersionsProps {
  readonly versions: readonly Version[]
  readonly done: boolean
}

function Versions({ versions, done }: VersionsProps) {
  const { columns, files, loading } = useWords()
  return (
    <ListTable
      label={files.versions}
      rows={versions}
      keyOf={({ path, points }) => `${path}@${points[0]}`}
      empty={done ? files.notFound : loading}
      columns={[
        {
          title: columns.name,
          show: ({ path, points, entry }) =>
            entry?.type === 'file' ? (
              <a href={downloadOf(points[0]!, { paths: [path] })} download title={files.download}>
                {shownName(path)}
              </a>
            ) : (
              shownName(path)
            ),
          sortBy: ({ path }) => path,
        },
        {
          title: columns.modified,
          show: ({ entry }) => <Moment at={modifiedAt(entry?.status?.modifiedAt?.seconds)} />,
          sortBy: ({ entry }) => entry?.status?.modifiedAt?.seconds ?? 0,
        },
        {
          title: columns.size,
          show: ({ entry }) => bytes(entry?.sizeBytes ?? 0),
          sortBy: ({ entry }) => entry?.sizeBytes ?? 0,
        },
        { title: columns.points, show: ({ points }) => points.length },
        {
          title: columns.newest,
          show: ({ points, path }) => (
            <Link to={`/points/${points[0]}/files?path=${encodeURIComponent(folderOf(path))}`}>
              {files.openFolder}
            </Link>
          ),
        },
      ]}
    />
  )
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return path.slice(0, Math.max(slash, path.indexOf(':') + 2)) || '/'
}

function modifiedAt(seconds: number | undefined): string | null {
  return seconds === undefined ? null : new Date(seconds * 1000).toISOString()
}

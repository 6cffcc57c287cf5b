import { Checkbox } from '@patternfly/react-core'
import { Link } from 'react-router'
import type { FileEntry } from '../api/documents.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Moment } from '../shown/moment.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { downloadOf } from './download.ts'
import { shownName } from './names.ts'

interface Props {
  readonly point: string
  readonly path: string
  /** Absent: its other points may not be looked through. */
  readonly source: string | undefined
  readonly entries: readonly FileEntry[]
  readonly empty: string
  readonly to: (path: string) => string
  readonly chosen: readonly string[]
  readonly onChoose: (path: string, isChosen: boolean) => void
}

/** What a folder holds: folders are entered, files downloaded, both ticked for later. */
export function Listing({ point, path, source, entries, empty, to, chosen, onChoose }: Props) {
  const words = useWords()
  const { columns, files } = words
  const below = ({ name, type }: FileEntry) => {
    if (type === 'partition') return `${name}:/`
    return path.endsWith('/') ? `${path}${name}` : `${path}/${name}`
  }
  return (
    <ListTable
      label={words.browseFiles}
      rows={entries}
      keyOf={({ name }) => name}
      empty={empty}
      columns={[
        {
          title: files.choose,
          show: (entry) => (
            <Checkbox
              id={`choose-${below(entry)}`}
              aria-label={files.chooseOne(shownName(entry.name))}
              isChecked={chosen.includes(below(entry))}
              onChange={(_, isChosen) => onChoose(below(entry), isChosen)}
            />
          ),
        },
        {
          title: columns.name,
          show: (entry) => <Name entry={entry} point={point} path={below(entry)} to={to} />,
          sortBy: ({ name }) => name,
        },
        {
          title: columns.kind,
          show: ({ type, content }) => content ?? <Term word={type} />,
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
        {
          title: files.versions,
          show: ({ type, name, ...entry }) =>
            source !== undefined &&
            type === 'file' && (
              <Link
                to={versionsOf(source, below({ type, name, ...entry }))}
                aria-label={files.versionsOf(shownName(name))}
              >
                {files.allVersions}
              </Link>
            ),
        },
        { title: columns.reason, show: ({ error }) => error?.message ?? '' },
      ]}
    />
  )
}

interface NameProps {
  readonly entry: FileEntry
  readonly point: string
  readonly path: string
  readonly to: (path: string) => string
}

function Name({ entry: { name, type, target, encrypted }, point, path, to }: NameProps) {
  const { files } = useWords()
  const shown = shownName(name)
  if (type === 'folder' || type === 'partition') return <Link to={to(path)}>{shown}</Link>
  if (type === 'file' && !encrypted)
    return (
      <a href={downloadOf(point, [path])} download title={files.download}>
        {shown}
      </a>
    )
  return target === null ? shown : `${shown} → ${shownName(target)}`
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

/** In every point of the machine, by exactly this path; a pattern has no partition. */
function versionsOf(source: string, path: string): string {
  const inside = path.replace(/^[^/]*:/, '').replaceAll(/[\\*?[\]]/g, '\\$&')
  const search = new URLSearchParams({ pattern: shownName(inside), ignoreCase: 'false' })
  return `/recovery/${encodeURIComponent(source)}/search?${search.toString()}`
}

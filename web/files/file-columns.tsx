import { useMemo } from 'react'
import { Link } from 'react-router'
import type { FileEntry } from '../api/documents.ts'
import type { Column } from '../shown/column.ts'
import { bytes } from '../shown/format.ts'
import { Moment } from '../shown/moment.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { folderOf } from './choice.ts'
import { downloadOf } from './download.ts'
import { shownName } from './names.ts'
import type { FolderWish } from './use-folder.ts'

interface Props {
  readonly wish: FolderWish
  /** Absent: its other points may not be looked through. */
  readonly source: string | undefined
  readonly to: (path: string) => string
}

/** Of an entry of a folder, which ends in a slash. */
export function pathOf(folder: string, { name, type }: FileEntry): string {
  return type === 'partition' ? `${name}:/` : folder + name
}

/** What a listing says of each entry. */
export function useFileColumns({ wish, source, to }: Props): readonly Column<FileEntry>[] {
  const { columns, files } = useWords()
  const { point, path } = wish
  const folder = folderOf(path)
  return useMemo(
    () => [
      {
        title: columns.name,
        width: 35,
        show: (entry) => <Name entry={entry} point={point} path={pathOf(folder, entry)} to={to} />,
        sortBy: ({ name }) => name,
      },
      {
        title: columns.kind,
        width: 10,
        show: ({ type, content }) => content ?? <Term word={type} />,
        sortBy: ({ type }) => type,
      },
      {
        title: columns.size,
        width: 10,
        show: ({ sizeBytes }) => bytes(sizeBytes),
        sortBy: ({ sizeBytes }) => sizeBytes,
      },
      {
        title: columns.modified,
        width: 15,
        show: ({ status }) => (
          <Moment at={status?.modifiedAt ? isoOf(status.modifiedAt.seconds) : null} />
        ),
        sortBy: ({ status }) => status?.modifiedAt?.seconds ?? 0,
      },
      {
        title: files.versions,
        width: 10,
        show: (entry) =>
          source !== undefined &&
          entry.type === 'file' && (
            <Link
              to={versionsOf(source, pathOf(folder, entry))}
              aria-label={files.versionsOf(shownName(entry.name))}
            >
              {files.allVersions}
            </Link>
          ),
      },
      { title: columns.reason, width: 10, show: ({ error }) => error?.message ?? '' },
    ],
    [point, folder, source, columns, files],
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
      <a href={downloadOf(point, { paths: [path] })} download title={files.download}>
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

import { Alert, Label } from '@patternfly/react-core'
import { downloadOf } from '../files/download.ts'
import { shownName } from '../files/names.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords, type Words } from '../words/words.tsx'
import { useComparedFiles, type Difference } from './use-compared-files.ts'

const COLORS = { added: 'green', removed: 'orange', changed: 'blue' } as const

/** Files that two points do not have alike; each version can be fetched. */
export function ComparedFiles({ from, to }: { readonly from: string; readonly to: string }) {
  const { columns, compare, loading } = useWords()
  const { found, failure, done } = useComparedFiles(from, to)
  const { differences, warnings } = found
  const path = ({ volume, path }: Difference) => `${volume}:/${path}`
  return (
    <>
      {failure && <FailureAlert failure={failure} />}
      {warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      <ListTable
        label={compare.files}
        rows={differences}
        keyOf={path}
        empty={done ? compare.alike : loading}
        columns={[
          {
            title: columns.what,
            show: ({ change }) => (
              <Label isCompact color={COLORS[change]}>
                {compare.changes[change]}
              </Label>
            ),
            sortBy: ({ change }) => change,
          },
          { title: columns.name, show: (one) => shownName(path(one)), sortBy: path },
          {
            title: compare.before,
            show: (one) => <Version of={one} which="before" point={from} />,
          },
          { title: compare.after, show: (one) => <Version of={one} which="after" point={to} /> },
        ]}
      />
    </>
  )
}

interface VersionProps {
  readonly of: Difference
  readonly which: keyof Pick<Words['compare'], 'before' | 'after'>
  readonly point: string
}

function Version({ of, which, point }: VersionProps) {
  const { files, compare } = useWords()
  const entry = of[which]
  if (!entry) return '–'
  const size = bytes(entry.sizeBytes)
  if (entry.type !== 'file') return entry.type
  const path = `${of.volume}:/${of.path}`
  return (
    <a
      href={downloadOf(point, { paths: [path] })}
      download
      aria-label={`${size}: ${shownName(path)}, ${compare[which]}, ${files.download}`}
    >
      {size}
    </a>
  )
}

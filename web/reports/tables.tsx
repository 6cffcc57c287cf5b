import { Link } from 'react-router'
import type { Report } from '../api/documents.ts'
import { bytes } from '../shown/format.ts'
import type { Column } from '../shown/column.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Moment } from '../shown/moment.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords, type Words } from '../words/words.tsx'

/* The lists of a report, each with a way to what it names. */

export function Sources({ sources }: Pick<Report, 'sources'>) {
  const { reports: words, columns, overview } = useWords()
  return (
    <ListTable
      label={words.sources}
      rows={sources}
      keyOf={({ source }) => source}
      empty={overview.noSources}
      columns={[
        {
          title: columns.source,
          show: ({ source }) => <Source name={source} />,
          sortBy: ({ source }) => source,
        },
        {
          title: words.group,
          show: ({ group }) => group ?? '–',
          sortBy: ({ group }) => group ?? '',
        },
        { title: columns.replica, show: ({ replicaState }) => <StateLabel state={replicaState} /> },
        {
          title: words.since,
          show: ({ protectedSince }) => <Moment at={protectedSince} />,
          sortBy: ({ protectedSince }) => protectedSince ?? '',
        },
        {
          title: words.lastGood,
          show: ({ lastPointAt }) => <Moment at={lastPointAt} />,
          sortBy: ({ lastPointAt }) => lastPointAt ?? '',
        },
        { title: columns.points, show: ({ points }) => points, sortBy: ({ points }) => points },
        {
          title: words.pointsMade,
          show: ({ pointsMade }) => pointsMade,
          sortBy: ({ pointsMade }) => pointsMade,
        },
        {
          title: words.failures,
          show: ({ failures }) => failures,
          sortBy: ({ failures }) => failures,
        },
      ]}
    />
  )
}

export function Groups({ groups }: Pick<Report, 'groups'>) {
  const { reports: words, columns, usage } = useWords()
  return (
    <ListTable
      label={words.groups}
      rows={groups}
      keyOf={({ group }) => group ?? ''}
      empty={words.noGroups}
      columns={[
        { title: words.group, show: ({ group }) => group ?? words.noGroup },
        { title: columns.sources, show: ({ sources }) => sources },
        { title: columns.points, show: ({ points }) => points },
        { title: usage.copies, show: ({ logicalBytes }) => bytes(logicalBytes) },
        { title: columns.stored, show: ({ storedBytes }) => bytes(storedBytes) },
        { title: words.added, show: ({ addedBytes }) => bytes(addedBytes) },
      ]}
    />
  )
}

export function Failures({ failures }: Pick<Report, 'failures'>) {
  const { reports: words, columns } = useWords()
  return (
    <ListTable
      label={words.failures}
      rows={failures}
      keyOf={({ job }) => job}
      empty={words.noFailures}
      columns={[...jobColumns(columns), { title: columns.reason, show: ({ message }) => message }]}
    />
  )
}

export function Recoveries({ recoveries }: Pick<Report, 'recoveries'>) {
  const { reports: words, columns } = useWords()
  return (
    <ListTable
      label={words.recoveries}
      rows={recoveries}
      keyOf={({ job }) => job}
      empty={words.noRecoveries}
      columns={[
        ...jobColumns(columns),
        { title: columns.state, show: ({ state }) => <StateLabel state={state} /> },
        { title: columns.actor, show: ({ by }) => by ?? '–' },
        { title: columns.size, show: ({ bytes: count }) => bytes(count) },
      ]}
    />
  )
}

interface Ended {
  readonly job: string
  readonly at: string
  readonly kind: string
  readonly source: string | null
}

/** Which job it was, for lists of those that ended. */
function jobColumns(columns: Words['columns']): readonly Column<Ended>[] {
  return [
    {
      title: columns.at,
      show: ({ at, job }) => (
        <Link to={`/jobs/${job}`}>
          <Moment at={at} />
        </Link>
      ),
    },
    { title: columns.kind, show: ({ kind }) => <Kind kind={kind} /> },
    { title: columns.source, show: ({ source }) => <Source name={source} /> },
  ]
}

function Kind({ kind }: { readonly kind: string }) {
  const { jobKinds } = useWords()
  return <>{jobKinds[kind as keyof Words['jobKinds']] ?? kind}</>
}

function Source({ name }: { readonly name: string | null }) {
  if (name === null) return <>–</>
  return <Link to={`/recovery/${encodeURIComponent(name)}`}>{name}</Link>
}

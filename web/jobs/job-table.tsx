import { Progress } from '@patternfly/react-core'
import { useMemo } from 'react'
import { Link } from 'react-router'
import type { Job } from '../api/documents.ts'
import type { Column } from '../shown/column.ts'
import { rate } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Moment } from '../shown/moment.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly jobs: readonly Job[]
  readonly empty: string
}

/** Some jobs, all of which are here. */
export function JobTable({ jobs, empty }: Props) {
  const { places } = useWords()
  return (
    <ListTable
      label={places.jobs}
      rows={jobs}
      keyOf={({ id }) => id}
      empty={empty}
      columns={useJobColumns()}
    />
  )
}

/** What lists of jobs show of each. */
export function useJobColumns(): readonly Column<Job>[] {
  const { columns, jobKinds } = useWords()
  return useMemo(
    () => [
      {
        title: columns.kind,
        width: 20,
        show: ({ id, kind }) => (
          <Link to={`/jobs/${id}`}>{jobKinds[kind as keyof typeof jobKinds] ?? kind}</Link>
        ),
        sortBy: ({ kind }) => kind,
        order: 'kind',
      },
      {
        title: columns.state,
        width: 15,
        show: ({ state }) => <StateLabel state={state} />,
        sortBy: ({ state }) => state,
        order: 'state',
      },
      {
        title: columns.source,
        width: 20,
        show: ({ source }) => source ?? '–',
        sortBy: ({ source }) => source ?? '',
        order: 'source',
      },
      { title: columns.progress, width: 30, show: (job) => <JobProgress job={job} /> },
      {
        title: columns.started,
        width: 15,
        show: ({ startedAt, queuedAt }) => <Moment relative at={startedAt ?? queuedAt} />,
        sortBy: ({ queuedAt }) => queuedAt,
        order: 'queued',
      },
    ],
    [columns, jobKinds],
  )
}

/** How far a running job is; what became of one that has ended is its state. */
export function JobProgress({ job }: { readonly job: Job }) {
  const { progress, state, kind } = job
  if (state === 'failed') return <>{job.error?.message}</>
  if (state !== 'running' || !progress || progress.totalBytes === 0) return <>–</>
  return (
    <Progress
      aria-label={kind}
      size="sm"
      value={Math.floor((100 * progress.doneBytes) / progress.totalBytes)}
      title={progress.bytesPerSecond > 0 ? rate(progress.bytesPerSecond) : ''}
    />
  )
}

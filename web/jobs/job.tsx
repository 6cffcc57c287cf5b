import { Alert, Button } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { bytes, duration, rate } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { Items } from './items.tsx'
import { JobProgress } from './job-table.tsx'
import { outcomeOf } from './outcome.ts'
import { RunAgain } from './run-again.tsx'
import { useWatchedJob } from './watch-job.ts'
import { FactList } from '../shown/fact-list.tsx'

/** One job, live while it runs. */
export function JobPage() {
  const { job: id = '' } = useParams()
  const words = useWords()
  const document = useDocument<Job>(['jobs', id])
  const watched = useWatchedJob(id)
  const job = watched ?? document.data
  const kind = job?.kind as keyof typeof words.jobKinds | undefined
  const title = kind ? (words.jobKinds[kind] ?? kind) : words.places.jobs
  return (
    <Page title={title} actions={job && <Actions job={job} />}>
      <Loaded of={document}>{(first) => <Told job={watched ?? first} />}</Loaded>
    </Page>
  )
}

function Actions({ job }: { readonly job: Job }) {
  return (
    <>
      <Cancel job={job} />
      <RunAgain job={job} />
    </>
  )
}

function Cancel({ job }: { readonly job: Job }) {
  const words = useWords()
  const may = useMay()
  const change = useChange<Job>()
  const isOver = job.state !== 'running' && job.state !== 'queued'
  if (isOver || !may('CancelJob')) return null
  return (
    <>
      {change.error && <FailureAlert failure={change.error} />}
      <Button
        variant="secondary"
        isDisabled={change.isPending}
        onClick={() => change.mutate({ verb: 'POST', parts: ['jobs', job.id, 'cancel'] })}
      >
        {words.cancel}
      </Button>
    </>
  )
}

type JobFacts = [string, ReactNode][]

function Told({ job }: { readonly job: Job }) {
  const { columns, job: words, locale } = useWords()
  const { progress, error, warnings, startedAt, finishedAt } = job
  const left = progress && progress.bytesPerSecond > 0 && job.state === 'running'
  const isOver = finishedAt !== null
  const facts: JobFacts = [
    [columns.state, <StateLabel key="state" state={job.state} />],
    [columns.source, job.source === null ? '–' : <Source key="source" name={job.source} />],
    [columns.host, job.host ?? words.server],
    [columns.started, <Moment key="started" at={startedAt} />],
    [columns.finished, <Moment key="finished" at={finishedAt} />],
    ...(job.requestedBy === null ? [] : ([[columns.actor, job.requestedBy]] as [string, string][])),
    ...(isOver ? [] : ([[columns.progress, <JobProgress key="progress" job={job} />]] as JobFacts)),
    ...(left
      ? ([
          [
            words.left,
            `${duration((1000 * (progress.totalBytes - progress.doneBytes)) / progress.bytesPerSecond, locale)} · ${rate(progress.bytesPerSecond)}`,
          ],
        ] as JobFacts)
      : []),
    ...outcomeOf(job, words),
  ]
  return (
    <>
      {error && (
        <Alert isInline variant="danger" title={error.message}>
          {error.hint}
        </Alert>
      )}
      {warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      <FactList facts={facts} />
      {job.point && (
        <p className="spaced">
          <Link to={`/points/${job.point.id}`}>{words.madePoint}</Link>
        </p>
      )}
      {job.disks.length > 0 && <Disks job={job} />}
      {job.items && <Items items={job.items} />}
      {job.verification && <Damaged ranges={job.verification.damaged} />}
      {job.restore && (
        <ul aria-label={words.files}>
          {[...job.restore.files, ...job.restore.changes].map((line) => (
            <li key={line} className="path">
              {line}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Disks({ job }: { readonly job: Job }) {
  const { columns, noDisks } = useWords()
  return (
    <ListTable
      label={columns.disk}
      rows={job.disks}
      keyOf={({ name }) => name}
      empty={noDisks}
      columns={[
        { title: columns.disk, show: ({ name }) => name },
        { title: columns.transfer, show: ({ transferMode }) => <Term word={transferMode} /> },
        { title: columns.reason, show: ({ transferReason }) => transferReason ?? '' },
        { title: columns.read, show: ({ readBytes }) => bytes(readBytes) },
        { title: columns.changed, show: ({ changedBytes }) => bytes(changedBytes) },
        { title: columns.sent, show: ({ sentBytes }) => bytes(sentBytes) },
        { title: columns.stored, show: ({ storedBytes }) => bytes(storedBytes) },
      ]}
    />
  )
}

function Source({ name }: { readonly name: string }) {
  return <Link to={`/recovery/${encodeURIComponent(name)}`}>{name}</Link>
}

type Ranges = NonNullable<Job['verification']>['damaged']

/** What of which points is not what it was. */
function Damaged({ ranges }: { readonly ranges: Ranges }) {
  const { columns, job: words } = useWords()
  if (ranges.length === 0) return null
  return (
    <ListTable
      label={words.damaged}
      rows={ranges}
      keyOf={({ point, disk, offset }) => `${point} ${disk} ${offset}`}
      empty=""
      columns={[
        { title: columns.source, show: ({ source }) => <Source name={source} /> },
        {
          title: words.point,
          show: ({ point }) => <Link to={`/points/${point}`}>{point}</Link>,
        },
        { title: columns.disk, show: ({ disk }) => disk },
        { title: words.offset, show: ({ offset }) => offset },
        { title: columns.size, show: ({ length }) => bytes(length) },
      ]}
    />
  )
}

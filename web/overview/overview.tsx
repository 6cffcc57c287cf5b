import { Alert, Card, CardBody, CardTitle, Gallery } from '@patternfly/react-core'
import { Link } from 'react-router'
import type { Job, Source, Status, Storage } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { FirstRun } from './first-run.tsx'
import { Forecast } from './forecast.tsx'
import { NeedsAHand } from './needs-a-hand.tsx'
import { NextRuns } from './next-runs.tsx'
import { JobTable } from '../jobs/job-table.tsx'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'

/** Can I restore everything, as of when? */
export function Overview() {
  const words = useWords()
  const status = useDocument<Status>(['status'])
  return (
    <Page title={words.places.overview}>
      <Loaded of={status}>
        {(document) => (
          <>
            <Verdict status={document} />
            <Numbers status={document} />
            <Forecast />
          </>
        )}
      </Loaded>
      <NeedsAHand />
      <LastPoints />
      <NextRuns />
      <Running />
    </Page>
  )
}

function Verdict({ status }: { readonly status: Status }) {
  const { overview } = useWords()
  const isNew = status.sources?.protected === 0 && status.problems.length === 0
  if (isNew) return <FirstRun hosts={status.hosts?.total ?? 0} />
  if (status.ok) return <Alert isInline variant="success" title={overview.allWell} />
  return (
    <Alert isInline variant="danger" title={overview.notWell}>
      <ul>
        {status.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Alert>
  )
}

function Numbers({ status }: { readonly status: Status }) {
  const { overview } = useWords()
  const storage = useDocument<Storage>(['storage'])
  const { sources, hosts, store, alerts } = status
  const numbers = [
    { title: overview.protected, value: sources?.protected ?? 0, to: '/recovery' },
    { title: overview.unprotected, value: sources?.unprotected ?? 0, to: '/sources' },
    { title: overview.late, value: sources?.late ?? 0, to: '/alerts' },
    {
      title: overview.hostsOnline,
      value: `${hosts?.online ?? 0} / ${hosts?.total ?? 0}`,
      to: '/hosts',
    },
    { title: overview.alerts, value: alerts, to: '/alerts' },
    { title: overview.stored, value: bytes(store?.storedBytes ?? 0), to: '/storage' },
    { title: overview.free, value: bytes(store?.freeBytes ?? 0), to: '/storage' },
    {
      title: overview.reclaimable,
      value: bytes(storage.data?.reclaimableBytes ?? 0),
      to: '/storage',
    },
  ]
  return (
    <Gallery hasGutter minWidths={{ default: '11rem' }} className="spaced">
      {numbers.map(({ title, value, to }) => (
        <Card isCompact key={title}>
          <CardTitle>{title}</CardTitle>
          <CardBody>
            <Link to={to} className="number" aria-label={`${title}: ${value}`}>
              {value}
            </Link>
          </CardBody>
        </Card>
      ))}
    </Gallery>
  )
}

function LastPoints() {
  const { overview, columns } = useWords()
  const sources = useDocument<{ sources: Source[] }>(['sources'])
  return (
    <section>
      <h2>{overview.lastPoints}</h2>
      <Loaded of={sources}>
        {({ sources }) => (
          <ListTable
            label={overview.lastPoints}
            rows={sources}
            keyOf={({ id }) => id}
            empty={overview.noSources}
            columns={[
              {
                title: columns.source,
                show: ({ name }) => (
                  <Link to={`/recovery/${encodeURIComponent(name)}`}>{name}</Link>
                ),
                sortBy: ({ name }) => name,
              },
              {
                title: columns.replica,
                show: ({ replicaState }) => <StateLabel state={replicaState} />,
                sortBy: ({ replicaState }) => replicaState,
              },
              {
                title: columns.lastPoint,
                show: ({ lastPoint }) => <Moment relative at={lastPoint?.createdAt ?? null} />,
                sortBy: ({ lastPoint }) => lastPoint?.createdAt ?? '',
              },
              {
                title: columns.points,
                show: ({ points }) => points,
                sortBy: ({ points }) => points,
              },
              { title: columns.reason, show: ({ replicaReason }) => replicaReason },
            ]}
          />
        )}
      </Loaded>
    </section>
  )
}

function Running() {
  const { overview } = useWords()
  const jobs = useDocument<{ jobs: Job[] }>(['jobs'], { state: 'running' })
  return (
    <section>
      <h2>{overview.running}</h2>
      <Loaded of={jobs}>
        {({ jobs }) => <JobTable jobs={jobs} empty={overview.nothingRuns} />}
      </Loaded>
    </section>
  )
}

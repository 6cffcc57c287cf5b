import { Switch } from '@patternfly/react-core'
import { Link, useParams, useSearchParams } from 'react-router'
import type { Point, Source } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { bytes, dayOf, startOfDay } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { SourceActions } from '../sources/source-actions.tsx'
import { useWords } from '../words/words.tsx'
import { Badges } from './badges.tsx'
import { Branches } from './branches.tsx'
import { Calendar } from './calendar.tsx'
import { ChangeStrip } from './change-strip.tsx'

/** Years of points take seconds to come; these are what most people look for. */
const AT_ONCE = 200

/** The points of one machine: days that have any, then the times of the day. */
export function SourcePoints() {
  const { source: name = '' } = useParams()
  const { files } = useWords()
  const may = useMay()
  const source = useDocument<Source>(['sources', name])
  const newest = useDocument<{ points: Point[] }>(['points'], { source: name, limit: AT_ONCE })
  const all = useDocument<{ points: Point[] }>(['points'], { source: name })
  const points = all.data ? all : newest
  return (
    <Page
      title={name}
      actions={
        <div className="row-actions">
          {may('SearchFiles') && (
            <Link to={`/recovery/${encodeURIComponent(name)}/search`}>{files.search}</Link>
          )}
          {source.data && <SourceActions source={source.data} />}
        </div>
      }
    >
      <Loaded of={points}>{({ points }) => <Days points={points} source={source.data} />}</Loaded>
      <Deleted source={name} />
    </Page>
  )
}

/** What can still be brought back. */
function Deleted({ source }: { readonly source: string }) {
  const { points: words } = useWords()
  const { data } = useDocument<{ points: Point[] }>(['points'], { source, state: 'deleted' })
  if (!data || data.points.length === 0) return null
  return (
    <details className="spaced">
      <summary>
        {words.deletedOnes} ({data.points.length})
      </summary>
      <PointTable points={data.points} current={null} />
    </details>
  )
}

/** Instead of a day. */
const ALL = 'all'

interface DaysProps {
  readonly points: readonly Point[]
  readonly source: Source | undefined
}

function Days({ points, source }: DaysProps) {
  const { noPoints, allDays } = useWords()
  const [search, setSearch] = useSearchParams()
  const newest = points[0] && dayOf(points[0].createdAt)
  const chosen = search.get('day')
  const all = chosen === ALL
  const day = chosen !== null && startOfDay(chosen) !== undefined ? chosen : newest
  const setDay = (day: string) => setSearch({ day })
  if (!day) return <>{noPoints}</>
  return (
    <div className="beside">
      <div>
        <Calendar points={points} day={day} onDay={setDay} />
        <ChangeStrip points={points} />
      </div>
      <div>
        <Branches points={points} current={source?.currentBranchOf ?? null} />
        <Switch
          label={allDays}
          isChecked={all}
          onChange={(_, isChecked) => (isChecked ? setDay(ALL) : setSearch({}))}
        />
        <PointTable
          points={all ? points : points.filter(({ createdAt }) => dayOf(createdAt) === day)}
          current={source?.currentBranchOf ?? null}
        />
      </div>
    </div>
  )
}

interface PointTableProps {
  readonly points: readonly Point[]
  /** The point that the machine was last restored from. */
  readonly current: string | null
}

function PointTable({ points, current }: PointTableProps) {
  const { columns, places, noPoints, restoredFromHere } = useWords()
  return (
    <ListTable
      label={places.recovery}
      rows={points}
      keyOf={({ id }) => id}
      empty={noPoints}
      columns={[
        {
          title: columns.at,
          width: 25,
          show: ({ id, createdAt }) => (
            <Link to={`/points/${id}`}>
              <Moment exact at={createdAt} />
            </Link>
          ),
          sortBy: ({ createdAt }) => createdAt,
        },
        { title: columns.what, width: 30, show: (point) => <Badges point={point} /> },
        { title: columns.label, width: 15, show: ({ label }) => label ?? '' },
        {
          title: columns.changed,
          width: 15,
          show: ({ changedBytes }) => bytes(changedBytes),
          sortBy: ({ changedBytes }) => changedBytes,
        },
        { title: '', width: 15, show: ({ id }) => (id === current ? restoredFromHere : '') },
      ]}
    />
  )
}

import { Link } from 'react-router'
import type { Group, Point } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { Strip } from '../recovery/strip.tsx'
import { ListTable } from '../shown/list-table.tsx'
import { Moment } from '../shown/moment.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'

/** How each member is, with its last points. */
export function Members({ group }: { readonly group: Group }) {
  const { columns, groups: words } = useWords()
  const recent = useRecent(group)
  return (
    <ListTable
      label={words.members}
      rows={group.members}
      keyOf={({ source }) => source}
      empty={words.noMembers}
      columns={[
        {
          title: columns.source,
          show: ({ source }) => (
            <Link to={`/recovery/${encodeURIComponent(source)}`}>{source}</Link>
          ),
          sortBy: ({ source }) => source,
        },
        {
          title: columns.replica,
          show: ({ replicaState }) => <StateLabel state={replicaState} />,
          sortBy: ({ replicaState }) => replicaState,
        },
        { title: columns.reason, show: ({ replicaReason }) => replicaReason ?? '' },
        { title: columns.points, show: ({ points }) => points, sortBy: ({ points }) => points },
        {
          title: words.recent,
          show: ({ source }) => <Strip points={recent.get(source) ?? []} label={words.recent} />,
        },
        {
          title: columns.lastPoint,
          show: ({ lastPointAt }) => <Moment relative at={lastPointAt} />,
          sortBy: ({ lastPointAt }) => lastPointAt ?? '',
        },
        {
          title: words.inconsistencies,
          show: ({ inconsistencies }) =>
            inconsistencies.map(({ cause, count }) => `${cause}: ${count}`).join(', '),
        },
        { title: words.how, show: ({ byRule }) => (byRule ? words.byRule : words.byHand) },
      ]}
    />
  )
}

const EACH = 14
/** Of a large group the strips are shorter: a page waits for no more than this. */
const MOST = 2_000

/** The last points of each member, the newest first. */
function useRecent({ name, members }: Group): ReadonlyMap<string, readonly Point[]> {
  const limit = Math.min(MOST, EACH * Math.max(1, members.length))
  const { data } = useDocument<{ points: Point[] }>(['points'], { group: name, limit })
  const recent = new Map<string, Point[]>()
  for (const point of data?.points ?? []) {
    const points = recent.get(point.source) ?? []
    if (points.length < EACH) recent.set(point.source, [...points, point])
  }
  return recent
}

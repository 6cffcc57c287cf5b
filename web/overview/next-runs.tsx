import { Link } from 'react-router'
import type { Group } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { useWords } from '../words/words.tsx'

/** What the server does next by itself. */
export function NextRuns() {
  const { overview } = useWords()
  const groups = useDocument<{ groups: Group[] }>(['groups'])
  return (
    <section>
      <h2>{overview.nextRuns}</h2>
      <Loaded of={groups}>
        {({ groups }) => (
          <ListTable
            label={overview.nextRuns}
            rows={groups.filter(({ nextPointAt, nextSyncAt }) => nextPointAt ?? nextSyncAt)}
            keyOf={({ id }) => id}
            empty={overview.noRuns}
            columns={[
              {
                title: overview.group,
                show: ({ name }) => <Link to={`/groups/${encodeURIComponent(name)}`}>{name}</Link>,
                sortBy: ({ name }) => name,
              },
              {
                title: overview.nextPoint,
                show: ({ nextPointAt }) => <Moment at={nextPointAt} />,
                sortBy: ({ nextPointAt }) => nextPointAt ?? '',
              },
              {
                title: overview.nextSync,
                show: ({ nextSyncAt }) => <Moment at={nextSyncAt} />,
                sortBy: ({ nextSyncAt }) => nextSyncAt ?? '',
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  )
}

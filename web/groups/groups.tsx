import { Link } from 'react-router'
import type { Group } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'

/** Protection groups: who is protected how, and when next. */
export function Groups() {
  const words = useWords()
  const { columns } = words
  const may = useMay()
  const groups = useDocument<{ groups: Group[] }>(['groups'])
  return (
    <Page
      title={words.places.groups}
      actions={may('SaveGroup') && <Link to="/groups/new">{words.groups.create}</Link>}
    >
      <Loaded of={groups}>
        {({ groups }) => (
          <ListTable
            label={words.places.groups}
            rows={groups}
            keyOf={({ id }) => id}
            empty={words.groups.none}
            columns={[
              {
                title: columns.name,
                show: ({ name }) => <Link to={`/groups/${encodeURIComponent(name)}`}>{name}</Link>,
                sortBy: ({ name }) => name,
              },
              {
                title: words.groups.members,
                show: ({ members }) => members.length,
                sortBy: ({ members }) => members.length,
              },
              { title: words.groups.points, show: ({ settings }) => settings?.points },
              {
                title: words.groups.retention,
                show: ({ settings }) => words.groups.days(settings?.retainDays ?? 0),
              },
              {
                title: words.groups.unwell,
                show: ({ members }) =>
                  members.filter(({ replicaState }) => UNWELL.has(replicaState)).length,
              },
              {
                title: words.groups.next,
                show: ({ nextPointAt }) => <Moment relative at={nextPointAt} />,
                sortBy: ({ nextPointAt }) => nextPointAt ?? '',
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

const UNWELL = new Set(['inconsistent', 'missing'])

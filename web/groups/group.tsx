import {
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { Group } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { rate } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'
import { EndGroup } from './end-group.tsx'

/** One protection group: what it says, and how its members are. */
export function GroupPage() {
  const { group: name = '' } = useParams()
  const group = useDocument<Group>(['groups', name])
  return (
    <Page title={name} actions={<Ways name={name} />}>
      <Loaded of={group}>
        {(document) => (
          <>
            <Facts group={document} />
            <Members group={document} />
            <EndGroup group={document} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface Started {
  readonly starts: readonly { readonly job: string | null }[]
}

function Ways({ name }: { readonly name: string }) {
  const words = useWords()
  const go = useNavigate()
  const change = useChange<Started>()
  const start = (kind: 'point' | 'check') =>
    change.mutate(
      { verb: 'POST', parts: ['transfers'], body: { group: name, kind } },
      { onSuccess: () => void go('/jobs') },
    )
  return (
    <>
      {change.error && <FailureAlert failure={change.error} />}
      <Link to={`/groups/${encodeURIComponent(name)}/change`}>{words.groups.change}</Link>{' '}
      <Button variant="secondary" isDisabled={change.isPending} onClick={() => start('point')}>
        {words.createPoint}
      </Button>{' '}
      <Button variant="secondary" isDisabled={change.isPending} onClick={() => start('check')}>
        {words.check}
      </Button>
    </>
  )
}

function Facts({ group }: { readonly group: Group }) {
  const { groups: words } = useWords()
  const { settings, nextPointAt } = group
  if (!settings) return null
  const sync = settings.syncMinutes
  const facts: [string, ReactNode][] = [
    [words.points, `${settings.points} (${settings.timeZone})`],
    [words.sync, sync === null ? words.beforePoint : words.everyMinutes(sync)],
    [words.retention, [words.days(settings.retainDays), settings.keep].filter(Boolean).join(', ')],
    [words.consistency, `${settings.consistency}, ${words.otherwise} ${settings.fallback}`],
    [words.checks, settings.check],
    [words.rate, settings.bytesPerSecond > 0 ? rate(settings.bytesPerSecond) : words.noLimit],
    [words.rules, settings.match.join(', ') || '–'],
    [words.next, <Moment key="next" at={nextPointAt} />],
  ]
  return (
    <DescriptionList isHorizontal columnModifier={{ lg: '2Col' }}>
      {facts.map(([term, description]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{description}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  )
}

function Members({ group }: { readonly group: Group }) {
  const { columns, groups: words } = useWords()
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

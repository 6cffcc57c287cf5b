import { Button } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import type { Group } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { duration, rate } from '../shown/format.ts'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { RefusedTransfers } from '../sources/refused-transfers.tsx'
import { useTransfers } from '../sources/start-transfers.ts'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { EndGroup } from './end-group.tsx'
import { Members } from './members.tsx'
import { FactList } from '../shown/fact-list.tsx'

/** One protection group: what it says, and how its members are. */
export function GroupPage() {
  const { group: name = '' } = useParams()
  const may = useMay()
  const group = useDocument<Group>(['groups', name])
  return (
    <Page title={name} actions={<Ways name={name} />}>
      <Loaded of={group}>
        {(document) => (
          <>
            <Facts group={document} />
            <Members group={document} />
            {may('DeleteGroup') && <EndGroup group={document} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Ways({ name }: { readonly name: string }) {
  const words = useWords()
  const may = useMay()
  const { start, isPending, ...told } = useTransfers()
  const begin = (kind: 'point' | 'synchronize' | 'check', word: string) => (
    <Button variant="secondary" isDisabled={isPending} onClick={() => start({ group: name, kind })}>
      {word}
    </Button>
  )
  return (
    <>
      <RefusedTransfers {...told} />
      <div className="row-actions">
        {may('SaveGroup') && (
          <Link to={`/groups/${encodeURIComponent(name)}/change`}>{words.groups.change}</Link>
        )}
        {may('StartTransfers') && (
          <>
            {begin('point', words.createPoint)}
            {begin('synchronize', words.sources.synchronize)}
            {begin('check', words.check)}
          </>
        )}
      </div>
    </>
  )
}

const MINUTE_MS = 60_000

function Facts({ group }: { readonly group: Group }) {
  const { groups: words, locale } = useWords()
  const { settings, nextPointAt } = group
  if (!settings) return null
  const sync = settings.syncMinutes
  const facts: (readonly [string, ReactNode])[] = [
    [words.points, `${settings.points} (${settings.timeZone})`],
    [words.sync, sync === null ? words.beforePoint : words.everyMinutes(sync)],
    [words.retention, [words.days(settings.retainDays), settings.keep].filter(Boolean).join(', ')],
    [
      words.consistency,
      <>
        <Term word={settings.consistency} />, {words.otherwise}: <Term word={settings.fallback} />
      </>,
    ],
    [words.checks, <Term word={settings.check} />],
    ...(settings.objectiveMinutes === null
      ? []
      : ([[words.objective, duration(settings.objectiveMinutes * MINUTE_MS, locale)]] as const)),
    [words.rate, settings.bytesPerSecond > 0 ? rate(settings.bytesPerSecond) : words.noLimit],
    [words.rules, settings.match.join(', ') || '–'],
    [words.next, <Moment key="next" at={nextPointAt} />],
  ]
  return <FactList facts={facts} isWide />
}

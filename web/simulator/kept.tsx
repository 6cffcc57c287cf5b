import { useMemo } from 'react'
import type { RetentionPreview } from '../api/documents.ts'
import { Plot, type Drawn } from '../charts/plot.tsx'
import { ListTable } from '../shown/list-table.tsx'
import { Moment } from '../shown/moment.tsx'
import { useWords, type Words } from '../words/words.tsx'
import { byWeek, reasonsOf } from './by-week.ts'

type Decision = RetentionPreview['decisions'][number]

interface Props {
  readonly decisions: readonly Decision[]
  readonly label: string
}

const COLORS: readonly Drawn['color'][] = [
  '--chart-1',
  '--chart-2',
  '--chart-3',
  '--chart-4',
  '--chart-5',
  '--chart-6',
]

/** Which points stay, week by week, and by which rule; in grey those that went. */
export function Kept({ decisions, label }: Props) {
  const { simulator: words } = useWords()
  const reasons = useMemo(() => reasonsOf(decisions), [decisions])
  const kept = decisions.filter(({ keep }) => keep)
  const weeks = useMemo(() => byWeek(decisions), [decisions])
  const nameOf = (reason: string) =>
    words.reasons[reason as keyof Words['simulator']['reasons']] ?? reason
  const drawn: Drawn[] = reasons.map((reason, at) => ({
    label: reason === 'gone' ? words.gone : nameOf(reason),
    color: reason === 'gone' ? '--chart-gone' : (COLORS[at % COLORS.length] ?? '--chart-1'),
    values: weeks.counts.map((counts) => counts.get(reason) ?? 0),
  }))
  const summary = words.summary(decisions.length, kept.length)
  return (
    <section aria-label={words.result}>
      <h2>{words.result}</h2>
      <p aria-live="polite">{summary}</p>
      <Plot bars label={`${words.picture} ${summary}`} times={weeks.starts} drawn={drawn} />
      <details>
        <summary>{words.table}</summary>
        <ListTable
          label={label}
          rows={kept}
          keyOf={({ point }) => point}
          empty={words.nothing}
          columns={[
            { title: words.point, show: ({ createdAt }) => <Moment at={createdAt} /> },
            { title: words.why, show: ({ reason }) => nameOf(reason) },
          ]}
        />
      </details>
    </section>
  )
}

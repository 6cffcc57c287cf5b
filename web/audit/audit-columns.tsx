import { Label } from '@patternfly/react-core'
import type { AuditEntry } from '../api/documents.ts'
import type { Column } from '../shown/column.ts'
import { Moment } from '../shown/moment.tsx'
import { useWords, type Words } from '../words/words.tsx'

const COLORS: Readonly<Record<string, 'green' | 'orange' | 'red'>> = {
  done: 'green',
  failed: 'orange',
  refused: 'red',
}

/** What is shown of an entry; each opens to what else of the request was kept, and its digest. */
export function useAuditColumns(): readonly Column<AuditEntry>[] {
  const { audit: words, columns } = useWords()
  return [
    { title: columns.at, width: 15, show: ({ at }) => <Moment at={at} /> },
    { title: words.actor, width: 10, show: ({ actor }) => actor || words.unknown },
    { title: words.call, width: 15, show: ({ method }) => method },
    { title: words.object, width: 15, show: ({ object }) => object },
    { title: words.outcome, width: 15, show: (entry) => <Outcome entry={entry} /> },
    { title: words.from, width: 10, show: ({ peer }) => peer },
    { title: words.details, width: 20, show: (entry) => <Details entry={entry} /> },
  ]
}

function Outcome({ entry: { outcome, code } }: { readonly entry: AuditEntry }) {
  const { audit: words } = useWords()
  return (
    <>
      <Label isCompact color={COLORS[outcome] ?? 'grey'}>
        {words.outcomes[outcome as keyof Words['audit']['outcomes']] ?? outcome}
      </Label>{' '}
      {code}
    </>
  )
}

function Details({ entry }: { readonly entry: AuditEntry }) {
  const { audit: words } = useWords()
  return (
    <details>
      <summary>#{entry.id}</summary>
      <dl>
        <dt>{words.notes}</dt>
        <dd className="path">{entry.notes}</dd>
        <dt>{words.hash}</dt>
        <dd className="path">{entry.hash}</dd>
      </dl>
    </details>
  )
}

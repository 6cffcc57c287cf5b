import { Label } from '@patternfly/react-core'
import { ExpandableRowContent, Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { useState } from 'react'
import type { AuditEntry } from '../api/documents.ts'
import { Nothing } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { useWords, type Words } from '../words/words.tsx'

const COLORS: Readonly<Record<string, 'green' | 'orange' | 'red'>> = {
  done: 'green',
  failed: 'orange',
  refused: 'red',
}

/** Entries; each opens to what else of the request was kept, and its digest. */
export function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { places, audit: words, columns } = useWords()
  if (entries.length === 0) return <Nothing title={words.none} />
  return (
    <Table aria-label={places.audit} variant="compact">
      <Thead>
        <Tr>
          <Th screenReaderText={words.details} />
          <Th>{columns.at}</Th>
          <Th>{words.actor}</Th>
          <Th>{words.call}</Th>
          <Th>{words.object}</Th>
          <Th>{words.outcome}</Th>
          <Th>{words.from}</Th>
        </Tr>
      </Thead>
      {entries.map((entry, at) => (
        <Entry key={entry.id} entry={entry} at={at} />
      ))}
    </Table>
  )
}

function Entry({ entry, at }: { readonly entry: AuditEntry; readonly at: number }) {
  const { audit: words, columns } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <Tbody isExpanded={isOpen}>
      <Tr>
        <Td
          expand={{
            rowIndex: at,
            isExpanded: isOpen,
            expandId: `audit-${entry.id}`,
            onToggle: () => setOpen(!isOpen),
          }}
        />
        <Td dataLabel={columns.at}>
          <Moment at={entry.at} />
        </Td>
        <Td dataLabel={words.actor}>{entry.actor || words.unknown}</Td>
        <Td dataLabel={words.call}>{entry.method}</Td>
        <Td dataLabel={words.object} modifier="breakWord">
          {entry.object}
        </Td>
        <Td dataLabel={words.outcome}>
          <Outcome entry={entry} />
        </Td>
        <Td dataLabel={words.from}>{entry.peer}</Td>
      </Tr>
      <Tr isExpanded={isOpen}>
        <Td />
        <Td colSpan={6}>
          <ExpandableRowContent>
            <Details entry={entry} />
          </ExpandableRowContent>
        </Td>
      </Tr>
    </Tbody>
  )
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
    <dl className="details">
      <dt>#</dt>
      <dd>{entry.id}</dd>
      <dt>{words.notes}</dt>
      <dd className="path">{entry.notes}</dd>
      <dt>{words.hash}</dt>
      <dd className="path">{entry.hash}</dd>
    </dl>
  )
}

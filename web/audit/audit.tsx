import { useSearchParams } from 'react-router'
import type { AuditEntry } from '../api/documents.ts'
import { useNewest } from '../api/use-newest.ts'
import { startOfDay } from '../shown/format.ts'
import { NewestTable } from '../shown/newest-table.tsx'
import { Page } from '../shown/page.tsx'
import { useOrder } from '../shown/use-order.ts'
import { useWords } from '../words/words.tsx'
import { useAuditColumns } from './audit-columns.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { VerifyAudit } from './verify-audit.tsx'

/** Who did what to what, newest first. Filters are part of the address. */
export function Audit() {
  const { places, audit: words } = useWords()
  const [search] = useSearchParams()
  const given = (name: string) => search.get(name) || undefined
  const columns = useAuditColumns()
  const order = useOrder(columns)
  const entries = useNewest<AuditEntry>({
    ...{ parts: ['audit'], order, field: 'entries', idOf: ({ id }) => String(id) },
    query: {
      ...{ actor: given('actor'), outcome: given('outcome') },
      since: startOfDay(given('since')),
    },
  })
  return (
    <Page title={places.audit} actions={<VerifyAudit />}>
      <p>{words.about}</p>
      <AuditFilters />
      <NewestTable
        of={entries}
        {...{ order, columns }}
        label={places.audit}
        keyOf={({ id }) => String(id)}
        empty={words.none}
      />
    </Page>
  )
}

import { useSearchParams } from 'react-router'
import type { AuditEntry } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { startOfDay } from '../shown/format.ts'
import { Loaded } from '../shown/loaded.tsx'
import { Older } from '../shown/older.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'
import { VerifyAudit } from './verify-audit.tsx'

const AT_ONCE = 100

/** Who did what to what, newest first. Filters and place are part of the address. */
export function Audit() {
  const { places, audit: words } = useWords()
  const [search] = useSearchParams()
  const given = (name: string) => search.get(name) || undefined
  const entries = useDocument<{ entries: AuditEntry[] }>(['audit'], {
    ...{ actor: given('actor'), outcome: given('outcome'), before: given('before') },
    since: startOfDay(given('since')),
    limit: AT_ONCE,
  })
  return (
    <Page title={places.audit} actions={<VerifyAudit />}>
      <p>{words.about}</p>
      <AuditFilters />
      <Loaded of={entries}>
        {({ entries }) => (
          <>
            <AuditTable entries={entries} />
            <Older last={lastOf(entries)} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** Undefined where there are no more. */
function lastOf(entries: readonly AuditEntry[]): string | undefined {
  return entries.length < AT_ONCE ? undefined : String(entries.at(-1)?.id)
}

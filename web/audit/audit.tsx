import { Button } from '@patternfly/react-core'
import { useSearchParams } from 'react-router'
import type { AuditEntry } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { startOfDay } from '../shown/format.ts'
import { Loaded } from '../shown/loaded.tsx'
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
            <Pages entries={entries} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Pages({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { audit: words } = useWords()
  const [search, setSearch] = useSearchParams()
  const goBefore = (id: number | undefined) => {
    const next = new URLSearchParams(search)
    if (id === undefined) next.delete('before')
    else next.set('before', String(id))
    setSearch(next)
  }
  return (
    <div className="spaced">
      <Button
        variant="secondary"
        isDisabled={!search.has('before')}
        onClick={() => goBefore(undefined)}
      >
        {words.newest}
      </Button>{' '}
      <Button
        variant="secondary"
        isDisabled={entries.length < AT_ONCE}
        onClick={() => goBefore(entries.at(-1)?.id)}
      >
        {words.older}
      </Button>
    </div>
  )
}

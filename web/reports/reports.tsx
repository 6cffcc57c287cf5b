import { Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { pathOf } from '../api/ask.ts'
import type { Report } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { Coverage } from './coverage.tsx'
import { MailReport } from './mail-report.tsx'
import { Failures, Groups, Recoveries, Sources } from './tables.tsx'

const PERIODS = ['day', 'week', 'month'] as const
type Period = (typeof PERIODS)[number]

/** What was protected, what failed and what was recovered; the period is part of the address. */
export function Reports() {
  const { places } = useWords()
  const [search, setSearch] = useSearchParams()
  const period = PERIODS.find((one) => one === search.get('period')) ?? 'week'
  const report = useDocument<Report>(['reports', period])
  const choose = (chosen: Period) => setSearch({ period: chosen })
  return (
    <Page title={places.reports} actions={<Choice period={period} onChoose={choose} />}>
      <Loaded of={report}>{(document) => <Shown report={document} />}</Loaded>
    </Page>
  )
}

interface ChoiceProps {
  readonly period: Period
  readonly onChoose: (period: Period) => void
}

function Choice({ period, onChoose }: ChoiceProps) {
  const { reports: words, mail } = useWords()
  const may = useMay()
  const [mailing, setMailing] = useState(false)
  return (
    <div className="actions">
      <ToggleGroup aria-label={words.period}>
        {PERIODS.map((one) => (
          <ToggleGroupItem
            key={one}
            buttonId={`period-${one}`}
            text={words.periods[one]}
            isSelected={period === one}
            onChange={() => onChoose(one)}
          />
        ))}
      </ToggleGroup>
      <Button
        component="a"
        variant="secondary"
        href={pathOf(['reports', period], { format: 'csv' })}
        download
      >
        {words.csv}
      </Button>
      {may('SendReport') && (
        <Button variant="secondary" onClick={() => setMailing(true)}>
          {mail.report}
        </Button>
      )}
      {mailing && <MailReport period={period} onClose={() => setMailing(false)} />}
    </div>
  )
}

function Shown({ report }: { readonly report: Report }) {
  const { reports: words } = useWords()
  return (
    <>
      <p>
        <Moment at={report.since} /> – <Moment at={report.until} />
      </p>
      <Coverage report={report} />
      <section className="spaced">
        <h2>{words.failures}</h2>
        <Failures failures={report.failures} />
      </section>
      <section className="spaced">
        <h2>{words.recoveries}</h2>
        <Recoveries recoveries={report.recoveries} />
      </section>
      <section className="spaced">
        <h2>{words.sources}</h2>
        <Sources sources={report.sources} />
      </section>
      <section className="spaced">
        <h2>{words.groups}</h2>
        <Groups groups={report.groups} />
      </section>
    </>
  )
}

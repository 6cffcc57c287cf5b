import { Button, TextInput, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { pathOf } from '../api/ask.ts'
import type { Report } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { endOfDay } from '../shown/format.ts'
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
  const day = search.get('until') ?? ''
  const until = endOfDay(day)
  const report = useDocument<Report>(['reports', period], { until })
  const choose = (chosen: Partial<Chosen>) => {
    const { period: wanted, day: last } = { period, day, ...chosen }
    setSearch({ period: wanted, ...(last === '' ? {} : { until: last }) })
  }
  return (
    <Page title={places.reports} actions={<Choice {...{ period, day, until }} onChoose={choose} />}>
      <Loaded of={report}>{(document) => <Shown report={document} />}</Loaded>
    </Page>
  )
}

interface Chosen {
  readonly period: Period
  /** The last one, as a date field has it; empty: now. */
  readonly day: string
}

interface ChoiceProps extends Chosen {
  readonly until: string | undefined
  readonly onChoose: (chosen: Partial<Chosen>) => void
}

function Choice({ period, day, until, onChoose }: ChoiceProps) {
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
            onChange={() => onChoose({ period: one })}
          />
        ))}
      </ToggleGroup>
      <label className="choice">
        {words.until}
        <TextInput
          type="date"
          aria-label={words.until}
          value={day}
          onChange={(_, day) => onChoose({ day })}
        />
      </label>
      <Button
        component="a"
        variant="secondary"
        href={pathOf(['reports', period], { until, format: 'csv' })}
        download
      >
        {words.csv}
      </Button>
      {may('SendReport') && (
        <Button variant="secondary" onClick={() => setMailing(true)}>
          {mail.report}
        </Button>
      )}
      {mailing && <MailReport period={period} until={until} onClose={() => setMailing(false)} />}
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

import { Button, Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { RetentionPreview } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { newSettings } from '../groups/new-settings.ts'
import { SelectField, TextField } from '../shown/fields.tsx'
import { FailureAlert } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { Kept } from './kept.tsx'

const SPANS = [30, 90, 365, 730]

/** What rules keep of the points of a year, before anybody lives by them. */
export function Simulator() {
  const { simulator: words, groups, usage } = useWords()
  const [rules, setRules] = useState({
    points: '20:00',
    retainDays: '14',
    keep: 'daily=30,weekly=8,monthly=12',
  })
  const [days, setDays] = useState('365')
  const change = useChange<RetentionPreview>()
  const set = (field: keyof typeof rules) => (text: string) => setRules({ ...rules, [field]: text })
  const simulate = () => {
    const settings = {
      ...withoutNulls(newSettings()),
      ...rules,
      retainDays: Number(rules.retainDays),
    }
    const body = { settings, days: Number(days) }
    change.mutate({ verb: 'POST', parts: ['retention', 'preview'], body })
  }
  return (
    <Page title={words.title}>
      <p>{words.about}</p>
      <Form
        isHorizontal
        className="spaced narrow"
        onSubmit={(event) => {
          event.preventDefault()
          simulate()
        }}
      >
        <TextField
          id="points"
          label={groups.points}
          help={groups.pointsHelp}
          value={rules.points}
          onChange={set('points')}
        />
        <TextField
          id="retain"
          label={words.retain}
          value={rules.retainDays}
          onChange={set('retainDays')}
        />
        <TextField
          id="keep"
          label={groups.keep}
          help={groups.keepHelp}
          value={rules.keep}
          onChange={set('keep')}
        />
        <SelectField
          id="span"
          label={words.span}
          value={days}
          choices={SPANS.map((count) => [String(count), groups.days(count)])}
          onChange={setDays}
        />
        <div>
          <Button type="submit" isDisabled={change.isPending}>
            {words.simulate}
          </Button>
        </div>
      </Form>
      {change.error && <FailureAlert failure={change.error} />}
      {change.data && <Kept decisions={change.data.decisions} label={usage.points} />}
    </Page>
  )
}

function withoutNulls(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}

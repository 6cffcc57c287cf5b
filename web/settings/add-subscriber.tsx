import { Alert, Checkbox, ClipboardCopy, Form, FormGroup } from '@patternfly/react-core'
import { useState } from 'react'
import type { SubscriberAdded } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

const PERIODS = ['day', 'week', 'month'] as const
const SEVERITIES = ['critical', 'warning', 'informational'] as const

/** A mail address or a webhook that is told from now on; a webhook's secret is shown once. */
export function AddSubscriber({ onClose }: { readonly onClose: () => void }) {
  const { settings: words, states, places, reports: reportWords } = useWords()
  const [address, setAddress] = useState('')
  const [severities, setSeverities] = useState<readonly string[]>(['critical', 'warning'])
  const [digest, setDigest] = useState(true)
  const [reports, setReports] = useState<readonly string[]>([])
  const change = useChange<SubscriberAdded>()
  const body = { address: address.trim(), severities, digest, reports }
  const add = () =>
    change.mutate(
      { verb: 'POST', parts: ['subscribers'], body },
      { onSuccess: ({ secret }) => secret === null && onClose() },
    )
  const secret = change.data?.secret ?? null
  if (secret !== null) return <Secret secret={secret} onClose={onClose} />
  return (
    <Confirm
      title={words.add}
      does={words.add}
      isDisabled={body.address === '' || severities.length === 0 || change.isPending}
      failure={change.error}
      onDo={add}
      onClose={onClose}
    >
      <Form>
        <TextField
          id="subscriber-address"
          label={words.address}
          help={words.addressHelp}
          value={address}
          onChange={setAddress}
        />
        <FormGroup role="group" label={words.severities} fieldId="severities">
          {SEVERITIES.map((one) => (
            <Checkbox
              key={one}
              id={`severity-${one}`}
              label={states[one]}
              isChecked={severities.includes(one)}
              onChange={(_, checked) =>
                setSeverities(
                  SEVERITIES.filter((s) => (s === one ? checked : severities.includes(s))),
                )
              }
            />
          ))}
        </FormGroup>
        <Checkbox
          id="digest"
          label={words.digest}
          isChecked={digest}
          onChange={(_, checked) => setDigest(checked)}
        />
        <FormGroup role="group" label={places.reports} fieldId="reports">
          {PERIODS.map((one) => (
            <Checkbox
              key={one}
              id={`report-${one}`}
              label={reportWords.periods[one]}
              isChecked={reports.includes(one)}
              onChange={(_, checked) =>
                setReports(PERIODS.filter((p) => (p === one ? checked : reports.includes(p))))
              }
            />
          ))}
        </FormGroup>
      </Form>
    </Confirm>
  )
}

function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { settings: words, copy, copied } = useWords()
  return (
    <Confirm
      title={words.secret}
      does={words.close}
      failure={null}
      onDo={onClose}
      onClose={onClose}
    >
      <Alert isInline variant="warning" title={words.secretOnce} />
      <ClipboardCopy
        isReadOnly
        hoverTip={copy}
        clickTip={copied}
        textAriaLabel={words.secret}
        className="path spaced"
      >
        {secret}
      </ClipboardCopy>
    </Confirm>
  )
}

import { Alert, Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { SentReport } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { addressesOf } from '../shown/addresses.ts'
import { Confirm } from '../shown/confirm.tsx'
import { TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly period: string
  /** Absent: now. */
  readonly until: string | undefined
  readonly onClose: () => void
}

/** The report that is shown, to whom one likes, now. */
export function MailReport({ period, until, onClose }: Props) {
  const { mail: words } = useWords()
  const [to, setTo] = useState('')
  const addresses = addressesOf(to)
  const mail = useChange<SentReport>()
  const send = () =>
    mail.mutate({ verb: 'POST', parts: ['reports', period, 'mail'], body: { addresses, until } })
  return (
    <Confirm
      title={words.report}
      does={words.send}
      isDisabled={addresses.length === 0 || mail.isPending}
      failure={mail.error}
      onDo={send}
      onClose={onClose}
    >
      <Form>
        <TextField
          id="report-to"
          label={words.reportTo}
          help={words.reportToHelp}
          value={to}
          onChange={setTo}
        />
      </Form>
      <div aria-live="polite" className="spaced">
        {mail.data?.results.map((result) => (
          <Result key={result.address} result={result} />
        ))}
      </div>
    </Confirm>
  )
}

function Result({ result }: { readonly result: SentReport['results'][number] }) {
  const { mail: words } = useWords()
  const { address, milliseconds, error } = result
  if (error === null)
    return <Alert isInline variant="success" title={words.sent(address, milliseconds)} />
  return (
    <Alert isInline variant="danger" title={`${address}: ${error.message}`}>
      {error.hint}
    </Alert>
  )
}

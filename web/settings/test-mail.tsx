import { Alert, Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { SentMail } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

/** A mail to whom one likes, now; what the mail server said to it. */
export function TestMail({ onClose }: { readonly onClose: () => void }) {
  const { mail: words } = useWords()
  const [to, setTo] = useState('')
  const test = useChange<SentMail>()
  const address = to.trim()
  const send = () => test.mutate({ verb: 'POST', parts: ['mail', 'test'], body: { address } })
  return (
    <Confirm
      title={words.test}
      does={words.send}
      isDisabled={address === '' || test.isPending}
      failure={test.error}
      onDo={send}
      onClose={onClose}
    >
      <Form>
        <TextField id="test-mail-to" label={words.testTo} value={to} onChange={setTo} />
      </Form>
      <div aria-live="polite" className="spaced">
        {test.data && (
          <Alert
            isInline
            variant="success"
            title={words.sent(test.data.address, test.data.milliseconds)}
          />
        )}
      </div>
    </Confirm>
  )
}

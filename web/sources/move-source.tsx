import { Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { Host, Source } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { SelectField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly source: Source
  readonly onClose: () => void
}

/** Another host goes on with the history of a data source. */
export function MoveSource({ source: { id, name, host: from }, onClose }: Props) {
  const { sources: words } = useWords()
  const [host, setHost] = useState('')
  const hosts = useDocument<{ hosts: Host[] }>(['hosts'])
  const change = useChange<Source>()
  const others = (hosts.data?.hosts ?? []).filter(
    (one) => one.name !== from && one.state !== 'revoked',
  )
  const parts = ['sources', id, 'owner']
  return (
    <Confirm
      danger
      title={words.moveOf(name)}
      does={words.move}
      isDisabled={host === '' || change.isPending}
      failure={change.error}
      onDo={() => change.mutate({ verb: 'PUT', parts, body: { host } }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{words.moveAbout}</p>
      <Form>
        <SelectField
          id="new-owner"
          label={words.host}
          value={host}
          choices={others.map((one) => [one.name, one.name])}
          onChange={setHost}
        />
      </Form>
    </Confirm>
  )
}

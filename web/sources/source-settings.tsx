import { Checkbox, Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { Source } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly source: Source
  readonly onClose: () => void
}

/** Whose it is, and what may become a point of it. */
export function SourceSettings({ source, onClose }: Props) {
  const { sources: words, save } = useWords()
  const [owner, setOwner] = useState(source.owner)
  const [tenant, setTenant] = useState(source.tenant)
  const [allowUnsettled, setAllowUnsettled] = useState(source.allowUnsettled)
  const change = useChange<Source>()
  const body = { owner: owner.trim(), tenant: tenant.trim(), allowUnsettled }
  const parts = ['sources', source.id, 'settings']
  return (
    <Confirm
      title={words.settingsOf(source.name)}
      does={save}
      isDisabled={change.isPending}
      failure={change.error}
      onDo={() => change.mutate({ verb: 'PUT', parts, body }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form>
        <TextField
          id="source-owner"
          label={words.owner}
          help={words.ownerHelp}
          value={owner}
          onChange={setOwner}
        />
        <TextField
          id="source-tenant"
          label={words.tenant}
          help={words.tenantHelp}
          value={tenant}
          onChange={setTenant}
        />
        <Checkbox
          id="source-unsettled"
          label={words.unsettled}
          isChecked={allowUnsettled}
          onChange={(_, checked) => setAllowUnsettled(checked)}
        />
      </Form>
    </Confirm>
  )
}

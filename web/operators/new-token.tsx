import {
  Alert,
  Button,
  Checkbox,
  ClipboardCopy,
  Form,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core'
import { useState } from 'react'
import type { OperatorToken } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { SelectField } from '../shown/fields.tsx'
import { Moment } from '../shown/moment.tsx'
import { saveText } from '../shown/save-text.ts'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly name: string
  readonly onClose: () => void
}

const DAY_SECONDS = 86_400
const DAYS = [7, 30, 90, 365]

/** A token is asked for, and then shown, once. */
export function NewToken({ name, onClose }: Props) {
  const { operators: words } = useWords()
  const [days, setDays] = useState(90)
  const [replace, setReplace] = useState(false)
  const change = useChange<OperatorToken>()
  const body = { ttlSeconds: days * DAY_SECONDS, replace }
  if (change.data) return <Shown token={change.data} onClose={onClose} />
  return (
    <Confirm
      title={words.tokenOf(name)}
      does={words.make}
      isDisabled={change.isPending}
      failure={change.error}
      onDo={() => change.mutate({ verb: 'POST', parts: ['operators', name, 'tokens'], body })}
      onClose={onClose}
    >
      <Form>
        <p>{words.tokenAbout}</p>
        <SelectField
          id="token-days"
          label={words.ttl}
          value={String(days)}
          choices={[
            ...DAYS.map((count) => [String(count), words.days(count)] as const),
            ['0', words.noEnd] as const,
          ]}
          onChange={(chosen) => setDays(Number(chosen))}
        />
        <Checkbox
          id="token-replace"
          label={words.replace}
          isChecked={replace}
          onChange={(_, checked) => setReplace(checked)}
        />
      </Form>
    </Confirm>
  )
}

interface ShownProps {
  readonly token: OperatorToken
  readonly onClose: () => void
}

function Shown({ token: given, onClose }: ShownProps) {
  const { operators: words, goodUntil, copy, copied } = useWords()
  const { name, token, addresses, authority, serverId, expiresAt } = given
  // As the command line reads it.
  const credential = JSON.stringify({ addresses, authority, token, serverId }, null, 2)
  const copying = { hoverTip: copy, clickTip: copied, isReadOnly: true } as const
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="token-shown">
      <ModalHeader title={words.tokenOf(name)} labelId="token-shown" />
      <ModalBody>
        <Alert isInline variant="warning" title={words.tokenOnce} />
        <h3 className="spaced">{words.justToken}</h3>
        <ClipboardCopy {...copying} textAriaLabel={words.justToken} className="path">
          {token}
        </ClipboardCopy>
        <h3 className="spaced">{words.credential}</h3>
        <ClipboardCopy
          {...copying}
          isCode
          variant="expansion"
          textAriaLabel={words.credential}
          className="path"
        >
          {credential}
        </ClipboardCopy>
        {expiresAt !== null && (
          <p className="spaced">
            {goodUntil} <Moment at={expiresAt} />
          </p>
        )}
      </ModalBody>
      <ModalFooter>
        <Button onClick={() => saveText('operator.json', `${credential}\n`)}>
          {words.saveFile}
        </Button>
        <Button variant="link" onClick={onClose}>
          {words.close}
        </Button>
      </ModalFooter>
    </Modal>
  )
}

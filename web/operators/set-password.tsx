import { Button, Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { OperatorInfo } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { SecretField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly operator: OperatorInfo
  readonly onClose: () => void
}

const SHORTEST = 10

/** With which this operator signs in to the console. */
export function SetPassword({ operator: { name, hasPassword }, onClose }: Props) {
  const { operators: words } = useWords()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const change = useChange<OperatorInfo>()
  const differ = again !== '' && again !== password
  const set = (password: string) =>
    change.mutate(
      { verb: 'PUT', parts: ['operators', name, 'password'], body: { password } },
      { onSuccess: onClose },
    )
  return (
    <Confirm
      title={words.passwordOf(name)}
      does={words.passwordSet}
      isDisabled={password.length < SHORTEST || again !== password || change.isPending}
      failure={change.error}
      onDo={() => set(password)}
      onClose={onClose}
    >
      <Form>
        <SecretField
          id="new-password"
          label={words.password}
          help={words.passwordHelp}
          value={password}
          onChange={setPassword}
        />
        <SecretField
          id="new-password-again"
          label={words.passwordAgain}
          {...(differ ? { problem: words.passwordsDiffer } : {})}
          value={again}
          onChange={setAgain}
        />
        {hasPassword && (
          <div>
            <Button variant="link" isInline isDanger onClick={() => set('')}>
              {words.passwordRemove}
            </Button>
          </div>
        )}
      </Form>
    </Confirm>
  )
}

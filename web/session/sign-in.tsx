import {
  ActionGroup,
  Alert,
  Button,
  Form,
  FormGroup,
  LoginPage,
  TextInput,
} from '@patternfly/react-core'
import { useState } from 'react'
import { ask, type Failure } from '../api/ask.ts'
import { useWords } from '../words/words.tsx'
import type { Session } from './session.tsx'

interface Props {
  readonly failure: Failure | undefined
  readonly onSession: (session: Session) => void
}

export function SignIn({ failure: before, onSession }: Props) {
  const words = useWords().signIn
  const [token, setToken] = useState('')
  const [failure, setFailure] = useState(before)
  const signIn = () =>
    ask<Session>('POST', 'session', { body: { token: token.trim() } })
      .then(onSession)
      .catch((error: unknown) => setFailure(error as Failure))
  return (
    <LoginPage loginTitle="Holdfast" loginSubtitle={words.subtitle} textContent={words.about}>
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          void signIn()
        }}
      >
        {failure && (
          <Alert isInline variant="danger" title={failure.message}>
            {failure.hint}
          </Alert>
        )}
        <FormGroup label={words.token} isRequired fieldId="token">
          <TextInput
            id="token"
            type="password"
            autoComplete="current-password"
            isRequired
            value={token}
            onChange={(_, text) => setToken(text)}
          />
        </FormGroup>
        <ActionGroup>
          <Button type="submit" isDisabled={token.trim() === ''}>
            {words.submit}
          </Button>
        </ActionGroup>
        <p>{words.link}</p>
      </Form>
    </LoginPage>
  )
}

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
import { ProviderButton } from './provider.tsx'
import type { Session } from './session.tsx'

interface Props {
  readonly failure: Failure | undefined
  readonly onSession: (session: Session) => void
}

const EMPTY = { name: '', password: '', token: '' }

/** The way in: a name and password, an operator's token, or a provider that vouches for people. */
export function SignIn({ failure: before, onSession }: Props) {
  const words = useWords().signIn
  const [byToken, setByToken] = useState(false)
  const [given, setGiven] = useState(EMPTY)
  const [failure, setFailure] = useState(before)
  const { name, password, token } = given
  const credential = byToken ? { token: token.trim() } : { name: name.trim(), password }
  const isWhole = Object.values(credential).every((text) => text !== '')
  const set = (field: keyof typeof EMPTY) => (text: string) => setGiven({ ...given, [field]: text })
  const signIn = () =>
    ask<Session>('POST', 'session', { body: credential })
      .then(onSession)
      .catch((error: unknown) => setFailure(error as Failure))
  return (
    <LoginPage loginTitle="Holdfast" loginSubtitle={words.subtitle} textContent={words.about}>
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) void signIn()
        }}
      >
        {failure && (
          <Alert isInline variant="danger" title={failure.message}>
            {failure.hint}
          </Alert>
        )}
        {byToken ? (
          <Field id="token" label={words.token} value={token} secret onChange={set('token')} />
        ) : (
          <>
            <Field id="name" label={words.name} value={name} onChange={set('name')} />
            <Field
              id="password"
              label={words.password}
              value={password}
              secret
              onChange={set('password')}
            />
          </>
        )}
        <ActionGroup>
          <Button type="submit" isDisabled={!isWhole}>
            {words.submit}
          </Button>
          <Button variant="link" onClick={() => setByToken(!byToken)}>
            {byToken ? words.withPassword : words.withToken}
          </Button>
        </ActionGroup>
        <ProviderButton onFailure={setFailure} />
        <p>{words.link}</p>
      </Form>
    </LoginPage>
  )
}

interface FieldProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly secret?: boolean
  readonly onChange: (text: string) => void
}

function Field({ id, label, value, secret = false, onChange }: FieldProps) {
  return (
    <FormGroup label={label} isRequired fieldId={id}>
      <TextInput
        id={id}
        type={secret ? 'password' : 'text'}
        autoComplete={secret ? 'current-password' : 'username'}
        autoCapitalize="none"
        isRequired
        value={value}
        onChange={(_, text) => onChange(text)}
      />
    </FormGroup>
  )
}

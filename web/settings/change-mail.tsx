import { Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { MailSettings } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { LongField, SecretField, SelectField, TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly settings: MailSettings
  readonly onClose: () => void
}

const USUAL = { starttls: 587, tls: 465, none: 25 } as const
type Security = keyof typeof USUAL

interface Wish {
  readonly host: string
  readonly port: string
  readonly security: Security
  readonly from: string
  readonly user: string
  readonly password: string
  readonly authority: string
}

/** All of it is said anew; a password stays where none is typed. */
export function ChangeMail({ settings, onClose }: Props) {
  const { mail: words } = useWords()
  const [wish, setWish] = useState<Wish>(() => wishOf(settings))
  const change = useChange<MailSettings>()
  const set = (part: Partial<Wish>) => setWish({ ...wish, ...part })
  const save = () =>
    change.mutate({ verb: 'PUT', parts: ['mail'], body: bodyOf(wish) }, { onSuccess: onClose })
  const isWhole = wish.host.trim() !== '' && wish.from.trim() !== '' && /^\d{0,5}$/.test(wish.port)
  return (
    <Confirm
      title={words.title}
      does={words.save}
      isDisabled={!isWhole || change.isPending}
      failure={change.error}
      onDo={save}
      onClose={onClose}
    >
      <Form>
        <TextField
          id="mail-host"
          label={words.host}
          help={words.hostHelp}
          value={wish.host}
          onChange={(host) => set({ host })}
        />
        <SelectField
          id="mail-security"
          label={words.security}
          value={wish.security}
          choices={Object.entries(words.securities)}
          onChange={(security) => set({ security: security as Security })}
        />
        <TextField
          id="mail-port"
          label={words.port}
          help={words.portHelp(USUAL[wish.security])}
          value={wish.port}
          onChange={(port) => set({ port: port.trim() })}
        />
        <TextField
          id="mail-from"
          label={words.from}
          help={words.fromHelp}
          value={wish.from}
          onChange={(from) => set({ from })}
        />
        <SignIn settings={settings} wish={wish} onChange={set} />
        <LongField
          id="mail-authority"
          label={words.authority}
          help={words.authorityHelp}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={wish.authority}
          onChange={(authority) => set({ authority })}
        />
      </Form>
    </Confirm>
  )
}

interface SignInProps {
  readonly settings: MailSettings
  readonly wish: Wish
  readonly onChange: (part: Partial<Wish>) => void
}

function SignIn({ settings, wish, onChange }: SignInProps) {
  const { mail: words } = useWords()
  const isSame = wish.host.trim() === settings.host && wish.user.trim() === settings.user
  const help = isSame ? words.passwordKept : words.passwordAgain
  return (
    <>
      <TextField
        id="mail-user"
        label={words.user}
        help={words.userHelp}
        value={wish.user}
        onChange={(user) => onChange({ user })}
      />
      {wish.user.trim() !== '' && (
        <SecretField
          id="mail-password"
          label={words.password}
          {...(settings.hasPassword ? { help } : {})}
          value={wish.password}
          onChange={(password) => onChange({ password })}
        />
      )}
    </>
  )
}

function wishOf({ host, port, security, from, user, authority }: MailSettings): Wish {
  const secured = security in USUAL ? (security as Security) : 'starttls'
  return {
    ...{ host, from, security: secured, user: user ?? '', password: '' },
    // The usual one stays so when the security is changed.
    port: port === 0 || port === USUAL[secured] ? '' : String(port),
    authority: authority ?? '',
  }
}

function bodyOf({ port, user, password, host, from, ...wish }: Wish) {
  return {
    ...{ ...wish, host: host.trim(), from: from.trim(), port: Number(port) },
    ...(user.trim() === '' ? {} : { user: user.trim() }),
    ...(password === '' ? {} : { password }),
  }
}

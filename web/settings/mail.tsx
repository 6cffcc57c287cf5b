import { Alert, Button } from '@patternfly/react-core'
import { useState } from 'react'
import type { MailSettings } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { Loaded, Nothing } from '../shown/loaded.tsx'
import { useWords, type Words } from '../words/words.tsx'
import { ChangeMail } from './change-mail.tsx'
import { TestMail } from './test-mail.tsx'

/** How the server sends mail, and a mail that shows whether it does. */
export function Mail() {
  const { mail: words } = useWords()
  const settings = useDocument<MailSettings>(['mail'])
  return (
    <section>
      <h2>{words.title}</h2>
      <Loaded of={settings}>{(document) => <Shown settings={document} />}</Loaded>
    </section>
  )
}

type Doing = 'change' | 'test' | 'remove' | undefined

function Shown({ settings }: { readonly settings: MailSettings }) {
  const { mail: words } = useWords()
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  const { configured, problem } = settings
  return (
    <>
      {problem !== null && <Alert isInline variant="danger" title={problem} />}
      {configured ? (
        <Facts settings={settings} />
      ) : (
        <Nothing title={words.none}>{words.noneAbout}</Nothing>
      )}
      <div className="actions">
        <Button variant="secondary" onClick={() => setDoing('change')}>
          {configured ? words.change : words.setUp}
        </Button>
        {configured && (
          <>
            <Button variant="secondary" onClick={() => setDoing('test')}>
              {words.test}
            </Button>
            <Button variant="link" isDanger onClick={() => setDoing('remove')}>
              {words.remove}
            </Button>
          </>
        )}
      </div>
      {doing === 'change' && <ChangeMail settings={settings} onClose={close} />}
      {doing === 'test' && <TestMail onClose={close} />}
      {doing === 'remove' && <Remove onClose={close} />}
    </>
  )
}

function Facts({ settings }: { readonly settings: MailSettings }) {
  const { mail: words } = useWords()
  const { host, port, security, user, hasPassword, from, authority } = settings
  const facts: [string, string][] = [
    [words.host, port === 0 ? host : `${host}:${port}`],
    [words.security, words.securities[security as keyof Words['mail']['securities']] ?? security],
    [words.from, from],
    [words.user, user ?? words.nobody],
    ...(hasPassword ? ([[words.password, words.passwordIs]] as [string, string][]) : []),
    [words.authorities, authority === null ? words.authorityUsual : words.authorityIs],
  ]
  return (
    <dl className="details">
      {facts.flatMap(([term, fact]) => [
        <dt key={term}>{term}</dt>,
        <dd key={`${term}-is`}>{fact}</dd>,
      ])}
    </dl>
  )
}

function Remove({ onClose }: { readonly onClose: () => void }) {
  const { mail: words } = useWords()
  const change = useChange<MailSettings>()
  return (
    <Confirm
      danger
      title={words.remove}
      does={words.remove}
      failure={change.error}
      onDo={() => change.mutate({ verb: 'DELETE', parts: ['mail'] }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {words.removeAbout}
    </Confirm>
  )
}

import { useState } from 'react'
import type { OperatorInfo } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { RowMenu } from '../shown/row-menu.tsx'
import { useWords } from '../words/words.tsx'
import { NewToken } from './new-token.tsx'
import { SetPassword } from './set-password.tsx'

type Asked = 'token' | 'password' | 'revoke' | 'remove'

/** What can be done about one operator, each with its question first. */
export function OperatorActions({ operator }: { readonly operator: OperatorInfo }) {
  const { operators: words } = useWords()
  const [asked, setAsked] = useState<Asked | undefined>()
  const close = () => setAsked(undefined)
  const { name } = operator
  return (
    <>
      <RowMenu
        label={words.actionsOf(name)}
        items={[
          { title: words.tokenNew, onClick: () => setAsked('token') },
          { title: words.passwordSet, onClick: () => setAsked('password') },
          { isSeparator: true },
          {
            title: words.tokensRevoke,
            isDisabled: operator.tokens === 0,
            onClick: () => setAsked('revoke'),
          },
          { title: words.remove, isDanger: true, onClick: () => setAsked('remove') },
        ]}
      />
      {asked === 'token' && <NewToken name={name} onClose={close} />}
      {asked === 'password' && <SetPassword operator={operator} onClose={close} />}
      {asked === 'revoke' && <Revoke name={name} onClose={close} />}
      {asked === 'remove' && <Remove name={name} onClose={close} />}
    </>
  )
}

interface Props {
  readonly name: string
  readonly onClose: () => void
}

function Revoke({ name, onClose }: Props) {
  const { operators: words } = useWords()
  const change = useChange<OperatorInfo>()
  const parts = ['operators', name, 'tokens']
  return (
    <Confirm
      danger
      title={words.tokensRevokeOf(name)}
      does={words.tokensRevoke}
      failure={change.error}
      onDo={() => change.mutate({ verb: 'DELETE', parts }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {words.tokensRevokeAbout}
    </Confirm>
  )
}

function Remove({ name, onClose }: Props) {
  const { operators: words } = useWords()
  const change = useChange<OperatorInfo>()
  const parts = ['operators', name]
  return (
    <Confirm
      danger
      title={words.removeOf(name)}
      does={words.remove}
      failure={change.error}
      onDo={() => change.mutate({ verb: 'DELETE', parts }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {words.removeAbout}
    </Confirm>
  )
}

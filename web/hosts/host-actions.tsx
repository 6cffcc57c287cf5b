import { Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { Host } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { Confirm } from '../shown/confirm.tsx'
import { TextField } from '../shown/fields.tsx'
import { RowMenu } from '../shown/row-menu.tsx'
import { useWords } from '../words/words.tsx'

type Asked = 'rename' | 'throttle' | 'revoke'

/** What can be done about one host, each with its question first. */
export function HostActions({ host }: { readonly host: Host }) {
  const { hosts: words } = useWords()
  const may = useMay()
  const [asked, setAsked] = useState<Asked | undefined>()
  const close = () => setAsked(undefined)
  return (
    <>
      <RowMenu
        label={words.actionsOf(host.name)}
        items={[
          ...(may('ThrottleHost')
            ? [{ title: words.throttle, onClick: () => setAsked('throttle') }]
            : []),
          ...(may('RenameHost')
            ? [{ title: words.rename, onClick: () => setAsked('rename') }]
            : []),
          ...(may('RevokeHost') && host.state !== 'revoked'
            ? [{ title: words.revoke, isDanger: true, onClick: () => setAsked('revoke') }]
            : []),
        ]}
      />
      {asked === 'throttle' && <Throttle host={host} onClose={close} />}
      {asked === 'rename' && <Rename host={host} onClose={close} />}
      {asked === 'revoke' && <Revoke host={host} onClose={close} />}
    </>
  )
}

interface Props {
  readonly host: Host
  readonly onClose: () => void
}

const MIB = 1024 * 1024

function Throttle({ host: { id, name, bytesPerSecond }, onClose }: Props) {
  const { hosts: words } = useWords()
  const [rate, setRate] = useState(bytesPerSecond > 0 ? String(bytesPerSecond / MIB) : '')
  const change = useChange<Host>()
  const body = { bytesPerSecond: Math.round(Number(rate) * MIB) }
  return (
    <Confirm
      title={words.throttleOf(name)}
      does={words.set}
      isDisabled={!/^\d*\.?\d*$/.test(rate) || change.isPending}
      failure={change.error}
      onDo={() =>
        change.mutate(
          { verb: 'PUT', parts: ['hosts', id, 'throttle'], body },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form>
        <TextField
          id="host-rate"
          label={words.rate}
          help={words.rateHelp}
          value={rate}
          onChange={(text) => setRate(text.trim())}
        />
      </Form>
    </Confirm>
  )
}

function Rename({ host: { id, name: before }, onClose }: Props) {
  const { hosts: words } = useWords()
  const [name, setName] = useState(before)
  const change = useChange<Host>()
  const body = { name: name.trim() }
  return (
    <Confirm
      title={words.renameOf(before)}
      does={words.rename}
      isDisabled={body.name === '' || body.name === before || change.isPending}
      failure={change.error}
      onDo={() =>
        change.mutate({ verb: 'PUT', parts: ['hosts', id, 'name'], body }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Form>
        <TextField
          id="host-name"
          label={words.name}
          help={words.nameHelp}
          value={name}
          onChange={setName}
        />
      </Form>
    </Confirm>
  )
}

function Revoke({ host: { id, name, sources }, onClose }: Props) {
  const { hosts: words } = useWords()
  const change = useChange<Host>()
  return (
    <Confirm
      danger
      title={words.revokeOf(name)}
      does={words.revoke}
      failure={change.error}
      onDo={() =>
        change.mutate({ verb: 'POST', parts: ['hosts', id, 'revoke'] }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      {words.revokeAbout(sources)}
    </Confirm>
  )
}

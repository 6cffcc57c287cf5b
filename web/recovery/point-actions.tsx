import { Form } from '@patternfly/react-core'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import type { Job, Point } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { Confirm } from '../shown/confirm.tsx'
import { SelectField, TextField } from '../shown/fields.tsx'
import { bytes } from '../shown/format.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { RowMenu } from '../shown/row-menu.tsx'
import { useWords } from '../words/words.tsx'

type Asked = 'delete' | 'derive'

/** What is seldom done with a point: read again, taken apart, deleted, brought back. */
export function PointActions({ point }: { readonly point: Point }) {
  const { points: words } = useWords()
  const may = useMay()
  const go = useNavigate()
  const [asked, setAsked] = useState<Asked | undefined>()
  const verify = useChange<Job>()
  const undelete = useChange<Point>()
  const close = () => setAsked(undefined)
  const { id, state } = point
  const isGone = state === 'deleted'
  const startVerify = () =>
    verify.mutate(
      { verb: 'POST', parts: ['verifications'], body: { points: [id] } },
      { onSuccess: (job) => void go(`/jobs/${job.id}`) },
    )
  const bringBack = () => undelete.mutate({ verb: 'POST', parts: ['points', id, 'undelete'] })
  const failure = verify.error ?? undelete.error
  return (
    <>
      {failure && <FailureAlert failure={failure} />}
      <RowMenu
        label={words.actions}
        items={[
          ...(may('StartVerify') && !isGone ? [{ title: words.verify, onClick: startVerify }] : []),
          ...(may('CreatePointFrom') && !isGone && point.disks.length > 1
            ? [{ title: words.derive, onClick: () => setAsked('derive') }]
            : []),
          ...(may('UndeletePoint') && isGone
            ? [{ title: words.undelete, onClick: bringBack }]
            : []),
          ...(may('DeletePoint') && !isGone
            ? [{ title: words.remove, isDanger: true, onClick: () => setAsked('delete') }]
            : []),
        ]}
      />
      {asked === 'delete' && <Delete point={point} onClose={close} />}
      {asked === 'derive' && <Derive point={point} onClose={close} />}
    </>
  )
}

interface Props {
  readonly point: Point
  readonly onClose: () => void
}

interface Deletion {
  readonly freedBytes: number
}

/** Says beforehand what it would free; it can be undone from the list of deleted points. */
function Delete({ point: { id, source }, onClose }: Props) {
  const { points: words } = useWords()
  const [reason, setReason] = useState('')
  const preview = useChange<Deletion>()
  const change = useChange<Deletion>()
  const parts = ['points', id]
  const { mutate: look } = preview
  useEffect(
    () => look({ verb: 'DELETE', parts: ['points', id], query: { preview: true } }),
    [look, id],
  )
  const query = { reason: reason.trim() === '' ? undefined : reason.trim() }
  return (
    <Confirm
      danger
      title={words.removeOf(source)}
      does={words.remove}
      isDisabled={!preview.data || change.isPending}
      failure={preview.error ?? change.error}
      onDo={() => change.mutate({ verb: 'DELETE', parts, query }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {preview.data && <p>{words.frees(bytes(preview.data.freedBytes))}</p>}
      <Form className="spaced">
        <TextField
          id="delete-reason"
          label={words.reason}
          help={words.reasonHelp}
          value={reason}
          onChange={setReason}
        />
      </Form>
    </Confirm>
  )
}

function Derive({ point: { id, disks }, onClose }: Props) {
  const { points: words } = useWords()
  const go = useNavigate()
  const [disk, setDisk] = useState('')
  const [label, setLabel] = useState('')
  const change = useChange<Point>()
  const body = { disk, ...(label.trim() === '' ? {} : { label: label.trim() }) }
  return (
    <Confirm
      title={words.derive}
      does={words.derive}
      isDisabled={disk === '' || change.isPending}
      failure={change.error}
      onDo={() =>
        change.mutate(
          { verb: 'POST', parts: ['points', id, 'derived'], body },
          { onSuccess: (made) => void go(`/points/${made.id}`) },
        )
      }
      onClose={onClose}
    >
      <p>{words.deriveAbout}</p>
      <Form className="spaced">
        <SelectField
          id="derive-disk"
          label={words.disk}
          value={disk}
          choices={disks.map(({ name }) => [name, name])}
          onChange={setDisk}
        />
        <TextField id="derive-label" label={words.label} value={label} onChange={setLabel} />
      </Form>
    </Confirm>
  )
}

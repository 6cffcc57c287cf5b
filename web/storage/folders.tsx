import { Form } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Job, Storage } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { Confirm } from '../shown/confirm.tsx'
import { TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

/* Folders of the server's machine: one more volume, or a drive that was carried here. */

interface Props {
  readonly onClose: () => void
}

export function AddVolume({ onClose }: Props) {
  const { store: words } = useWords()
  const [path, setPath] = useState('')
  const change = useChange<Storage>()
  const body = { path: path.trim() }
  return (
    <Confirm
      title={words.addVolume}
      does={words.addVolume}
      isDisabled={body.path === '' || change.isPending}
      failure={change.error}
      onDo={() =>
        change.mutate({ verb: 'POST', parts: ['storage', 'volumes'], body }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Form>
        <TextField
          id="volume-path"
          label={words.volume}
          help={words.volumeHelp}
          value={path}
          onChange={setPath}
        />
      </Form>
    </Confirm>
  )
}

export function ImportReplica({ onClose }: Props) {
  const { store: words } = useWords()
  const go = useNavigate()
  const [folder, setFolder] = useState('')
  const change = useChange<Job>()
  const body = { folder: folder.trim() }
  return (
    <Confirm
      title={words.importReplica}
      does={words.import}
      isDisabled={body.folder === '' || change.isPending}
      failure={change.error}
      onDo={() =>
        change.mutate(
          { verb: 'POST', parts: ['replica-imports'], body },
          { onSuccess: ({ id }) => void go(`/jobs/${id}`) },
        )
      }
      onClose={onClose}
    >
      <Form>
        <TextField
          id="import-folder"
          label={words.importFolder}
          help={words.importHelp}
          value={folder}
          onChange={setFolder}
        />
      </Form>
    </Confirm>
  )
}

import { Button } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { RowMenu } from '../shown/row-menu.tsx'
import { useWords } from '../words/words.tsx'
import { AddVolume, ImportReplica } from './folders.tsx'

/** What can be done with the store: read again, cleaned, enlarged, fed from a drive. */
export function StorageActions() {
  const words = useWords()
  const may = useMay()
  const go = useNavigate()
  const [asked, setAsked] = useState<'volume' | 'import' | undefined>()
  const change = useChange<Job>()
  const close = () => setAsked(undefined)
  const start = (parts: string[], body?: object) =>
    change.mutate({ verb: 'POST', parts, body }, { onSuccess: ({ id }) => void go(`/jobs/${id}`) })
  const begin = (word: string, parts: string[], body?: object) => (
    <Button variant="secondary" isDisabled={change.isPending} onClick={() => start(parts, body)}>
      {word}
    </Button>
  )
  return (
    <>
      {change.error && <FailureAlert failure={change.error} />}
      <div className="row-actions">
        {may('StartVerify') && begin(words.verifyAll, ['verifications'], { all: true })}
        {may('StartCollect') && begin(words.collect, ['storage', 'collect'])}
        {may('StartCompact') && begin(words.compact, ['storage', 'compact'])}
        <RowMenu
          label={words.store.actions}
          items={[
            ...(may('AddVolume')
              ? [{ title: words.store.addVolume, onClick: () => setAsked('volume') }]
              : []),
            ...(may('StartReplicaImport')
              ? [{ title: words.store.importReplica, onClick: () => setAsked('import') }]
              : []),
          ]}
        />
      </div>
      {asked === 'volume' && <AddVolume onClose={close} />}
      {asked === 'import' && <ImportReplica onClose={close} />}
    </>
  )
}

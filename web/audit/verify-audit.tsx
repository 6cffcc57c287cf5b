import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useState } from 'react'
import type { AuditVerification } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

/** Reads the log from its first entry on, and says whether it is as it was written. */
export function VerifyAudit() {
  const { audit: words } = useWords()
  const [isOpen, setOpen] = useState(false)
  const verification = useChange<AuditVerification>()
  const start = () => {
    setOpen(true)
    verification.mutate({ verb: 'GET', parts: ['audit', 'verification'] })
  }
  return (
    <>
      <Button variant="secondary" onClick={start}>
        {words.verify}
      </Button>
      {isOpen && (
        <Modal variant="medium" isOpen onClose={() => setOpen(false)} aria-labelledby="verified">
          <ModalHeader title={words.verify} labelId="verified" />
          <ModalBody>
            {verification.isPending && <p>{words.verifying}</p>}
            {verification.error && <FailureAlert failure={verification.error} />}
            {verification.data && <Verdict verification={verification.data} />}
          </ModalBody>
          <ModalFooter>
            <Button onClick={() => setOpen(false)}>{words.close}</Button>
          </ModalFooter>
        </Modal>
      )}
    </>
  )
}

function Verdict({ verification }: { readonly verification: AuditVerification }) {
  const { audit: words } = useWords()
  const { entries, hash, sealedHeads, problems, notes } = verification
  const isWhole = problems.length === 0
  return (
    <>
      <Alert
        isInline
        variant={isWhole ? 'success' : 'danger'}
        title={isWhole ? words.whole(entries) : words.notWhole}
      >
        <ul>
          {problems.map(({ id, kind, message }) => (
            <li key={`${id} ${kind}`}>{message}</li>
          ))}
        </ul>
        {words.sealed(sealedHeads)}
      </Alert>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <p className="spaced">{words.head}</p>
      <p className="path">{hash}</p>
    </>
  )
}

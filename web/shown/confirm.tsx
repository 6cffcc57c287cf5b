import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useId, type KeyboardEvent, type ReactNode } from 'react'
import type { Failure } from '../api/ask.ts'
import { useWords } from '../words/words.tsx'
import { FailureAlert } from './loaded.tsx'

interface Props {
  readonly title: string
  /** What the button says that does it. */
  readonly does: string
  readonly danger?: boolean
  readonly isDisabled?: boolean
  readonly failure: Failure | null
  readonly onDo: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

const FIELD = 'input:not([type=checkbox], [type=radio])'

/** Something that is done only after it was said what that means, or what it still needs. */
export function Confirm({ title, does, danger, isDisabled, failure, ...rest }: Props) {
  const words = useWords()
  const label = useId()
  const { onDo, onClose, children } = rest
  // Enter in a field does it too. A form's own way would leave the page.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || !(event.target as Element).matches(FIELD)) return
    event.preventDefault()
    if (!isDisabled) onDo()
  }
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby={label}>
      <ModalHeader title={title} labelId={label} />
      <ModalBody onKeyDown={onKeyDown}>
        {failure && <FailureAlert failure={failure} />}
        {children}
      </ModalBody>
      <ModalFooter>
        <Button variant={danger ? 'danger' : 'primary'} isDisabled={isDisabled} onClick={onDo}>
          {does}
        </Button>
        <Button variant="link" onClick={onClose}>
          {words.dismiss}
        </Button>
      </ModalFooter>
    </Modal>
  )
}

import { Button, Modal, ModalBody, ModalFooter, ModalHeader, Radio } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Group } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

/** Stops the protection of all members, after saying what becomes of their points. */
export function EndGroup({ group }: { readonly group: Group }) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  const [points, setPoints] = useState<'keep' | 'delete'>('keep')
  const go = useNavigate()
  const change = useChange<Group>()
  const end = () =>
    change.mutate(
      { verb: 'DELETE', parts: ['groups', group.name], query: { points } },
      { onSuccess: () => void go('/groups') },
    )
  return (
    <>
      <Button variant="danger" className="spaced" onClick={() => setOpen(true)}>
        {words.groups.end}
      </Button>
      <Modal variant="small" isOpen={open} onClose={() => setOpen(false)} aria-labelledby="end">
        <ModalHeader title={words.groups.endOf(group.name)} labelId="end" />
        <ModalBody>
          {change.error && <FailureAlert failure={change.error} />}
          <Radio
            id="keep"
            name="points"
            label={words.groups.keepPoints}
            isChecked={points === 'keep'}
            onChange={() => setPoints('keep')}
          />
          <Radio
            id="delete"
            name="points"
            label={words.groups.deletePoints}
            isChecked={points === 'delete'}
            onChange={() => setPoints('delete')}
          />
          <ul>
            {group.members.map(({ source, points: count }) => (
              <li key={source}>
                {source}: {count}
              </li>
            ))}
          </ul>
        </ModalBody>
        <ModalFooter>
          <Button variant="danger" isDisabled={change.isPending} onClick={end}>
            {words.groups.end}
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            {words.back}
          </Button>
        </ModalFooter>
      </Modal>
    </>
  )
}

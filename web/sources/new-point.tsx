import { Checkbox, Form } from '@patternfly/react-core'
import { useState } from 'react'
import type { Source } from '../api/documents.ts'
import { Confirm } from '../shown/confirm.tsx'
import { SelectField, TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'
import { RefusedTransfers } from './refused-transfers.tsx'
import { useTransfers } from './start-transfers.ts'

interface Props {
  readonly source: Source
  readonly onClose: () => void
}

const LEVELS = ['application', 'filesystem', 'crash'] as const

/** A point with a name, or taken otherwise than its group says. */
export function NewPoint({ source: { name, kind }, onClose }: Props) {
  const { sources: words, badges, points, createPoint } = useWords()
  const [label, setLabel] = useState('')
  const [protect, setProtect] = useState(false)
  const [memory, setMemory] = useState(false)
  const [consistency, setConsistency] = useState('as-group')
  const { start, isPending, failure, refused } = useTransfers()
  const wish = {
    ...{ sources: [name], kind: 'point' as const, protect },
    ...(label.trim() === '' ? {} : { label: label.trim() }),
    ...(memory ? { memory } : {}),
    ...(consistency === 'as-group' ? {} : { consistency }),
  }
  return (
    <Confirm
      title={words.pointOf(name)}
      does={createPoint}
      isDisabled={isPending}
      failure={failure}
      onDo={() => start(wish)}
      onClose={onClose}
    >
      <RefusedTransfers refused={refused} failure={null} />
      <Form>
        <TextField id="point-label" label={points.label} value={label} onChange={setLabel} />
        <SelectField
          id="point-consistency"
          label={words.consistency}
          value={consistency}
          choices={[
            ['as-group', words.asGroup],
            ...LEVELS.map((level) => [level, badges.consistency[level]] as const),
          ]}
          onChange={setConsistency}
        />
        <Checkbox
          id="point-protect"
          label={words.protect}
          isChecked={protect}
          onChange={(_, checked) => setProtect(checked)}
        />
        {kind === 'vm' && (
          <Checkbox
            id="point-memory"
            label={words.memory}
            isChecked={memory}
            onChange={(_, checked) => setMemory(checked)}
          />
        )}
      </Form>
    </Confirm>
  )
}

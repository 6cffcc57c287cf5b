import { ExpandableSection } from '@patternfly/react-core'
import { SelectField, TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'
import type { WishProps } from './restore-where.tsx'
import type { Wish } from './restore-wish.ts'

const AS_WAS = 'as-was'

/** What a restored VM is to have that its source had otherwise. */
export function RestoreMachine({ wish, onChange }: WishProps) {
  const { machine } = useWords()
  const digits = (text: string) => text.replaceAll(/\D/g, '')
  const choice = <Field extends 'identity' | 'start'>(
    field: Field,
    choices: readonly (readonly [Wish[Field], string])[],
  ) => (
    <SelectField
      id={field}
      label={machine[field]}
      value={wish[field] || AS_WAS}
      choices={[[AS_WAS, machine.asWas], ...choices]}
      onChange={(chosen) => onChange({ [field]: chosen === AS_WAS ? '' : chosen })}
    />
  )
  return (
    <ExpandableSection toggleText={machine.title}>
      {choice('identity', [
        ['new', machine.identityNew],
        ['keep', machine.identityKeep],
      ])}
      {choice('start', [
        ['yes', machine.startYes],
        ['no', machine.startNo],
      ])}
      <TextField
        id="cpus"
        label={machine.cpus}
        value={wish.cpus}
        onChange={(cpus) => onChange({ cpus: digits(cpus) })}
      />
      <TextField
        id="memory"
        label={machine.memory}
        value={wish.memory}
        onChange={(memory) => onChange({ memory: digits(memory) })}
      />
      <TextField
        id="networks"
        label={machine.networks}
        help={machine.networksHelp}
        value={wish.networks}
        onChange={(networks) => onChange({ networks })}
      />
    </ExpandableSection>
  )
}

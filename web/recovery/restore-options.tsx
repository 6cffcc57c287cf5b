import { Checkbox, ExpandableSection, FormGroup } from '@patternfly/react-core'
import type { Point } from '../api/documents.ts'
import { TextField } from '../shown/fields.tsx'
import { bytes } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'
import type { WishProps } from './restore-where.tsx'

interface Props extends WishProps {
  readonly disks: Point['disks']
}

const SWITCHES = ['preallocate', 'evenIfOpen', 'noSafetyPoint'] as const

/** What most restores do without. */
export function RestoreOptions({ wish, onChange, disks }: Props) {
  const { restoreOptions: words, mail } = useWords()
  const toggle = (name: string, isChosen: boolean) =>
    onChange({
      disks: isChosen ? [...wish.disks, name] : wish.disks.filter((one) => one !== name),
    })
  return (
    <ExpandableSection toggleText={words.title}>
      {disks.length > 1 && (
        <FormGroup role="group" label={words.disks} fieldId="disks">
          {disks.map(({ name, sizeBytes }) => (
            <Checkbox
              key={name}
              id={`disk-${name}`}
              label={`${name} (${bytes(sizeBytes)})`}
              isChecked={wish.disks.includes(name)}
              onChange={(_, isChosen) => toggle(name, isChosen)}
            />
          ))}
        </FormGroup>
      )}
      <TextField
        id="partition"
        label={words.partition}
        help={words.partitionHelp}
        value={wish.partition}
        onChange={(partition) => onChange({ partition })}
      />
      <TextField
        id="rate"
        label={words.rate}
        value={wish.rate}
        onChange={(rate) => onChange({ rate: rate.replaceAll(/[^\d.]/g, '') })}
      />
      <TextField
        id="notify"
        label={mail.notify}
        help={mail.notifyHelp}
        value={wish.notify}
        onChange={(notify) => onChange({ notify })}
      />
      {SWITCHES.map((name) => (
        <Checkbox
          key={name}
          id={name}
          label={words[name]}
          isChecked={wish[name]}
          onChange={(_, isChosen) => onChange({ [name]: isChosen })}
        />
      ))}
    </ExpandableSection>
  )
}

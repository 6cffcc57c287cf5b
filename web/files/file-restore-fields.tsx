import { Checkbox } from '@patternfly/react-core'
import type { Host } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { SelectField, TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'

export const NOTHING_WANTED = {
  ...{ toHost: '', folder: '', onConflict: 'copy', owners: 'keep' },
  ...{ special: false, resultFolder: true, notify: '' },
}

const CONFLICTS = ['copy', 'skip', 'overwrite'] as const
const OWNERS = ['keep', 'target'] as const

interface Props {
  readonly wanted: typeof NOTHING_WANTED
  readonly onChange: (part: Partial<typeof NOTHING_WANTED>) => void
}

/** Where files go, and what holds where something is there already. */
export function FileRestoreFields({ wanted, onChange }: Props) {
  const { files, columns, folder, mail } = useWords()
  const hosts = useDocument<{ hosts: Host[] }>(['hosts'])
  const host = hosts.data?.hosts.find(({ name }) => name === wanted.toHost)
  return (
    <>
      <SelectField
        id="host"
        label={columns.host}
        value={wanted.toHost}
        choices={(hosts.data?.hosts ?? []).map(({ name }) => [name, name])}
        onChange={(toHost) => onChange({ toHost })}
      />
      <TextField
        id="folder"
        label={folder}
        help={host ? files.below(host.restoreRoots.join(', ')) : undefined}
        value={wanted.folder}
        onChange={(folder) => onChange({ folder })}
      />
      <SelectField
        id="conflict"
        label={files.conflict}
        value={wanted.onConflict}
        choices={CONFLICTS.map((one) => [one, files.conflicts[one]])}
        onChange={(onConflict) => onChange({ onConflict })}
      />
      <SelectField
        id="owners"
        label={files.owners}
        value={wanted.owners}
        choices={OWNERS.map((one) => [one, files.whose[one]])}
        onChange={(owners) => onChange({ owners })}
      />
      <Checkbox
        id="result-folder"
        label={files.resultFolder}
        isChecked={wanted.resultFolder}
        onChange={(_, resultFolder) => onChange({ resultFolder })}
      />
      <Checkbox
        id="special"
        label={files.special}
        isChecked={wanted.special}
        onChange={(_, special) => onChange({ special })}
      />
      <TextField
        id="notify"
        label={mail.notify}
        help={mail.notifyHelp}
        value={wanted.notify}
        onChange={(notify) => onChange({ notify })}
      />
    </>
  )
}

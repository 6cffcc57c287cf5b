import { FormGroup, Radio } from '@patternfly/react-core'
import type { Host } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { SelectField, TextField } from '../shown/fields.tsx'
import { useWords } from '../words/words.tsx'
import type { Wish } from './restore-wish.ts'

const FORMATS = ['raw', 'qcow2', 'vhd', 'vhd-fixed', 'vhdx', 'vmdk'] as const

export interface WishProps {
  readonly wish: Wish
  readonly onChange: (part: Partial<Wish>) => void
}

/** Where it was, or a folder of any host. */
export function RestoreWhere({ wish, onChange }: WishProps) {
  const words = useWords()
  // A folder of a host is for those who see hosts: everybody but a self-service user.
  const may = useMay()
  const place = (original: boolean) => (
    <Radio
      id={original ? 'original' : 'elsewhere'}
      name="where"
      label={original ? words.original : words.elsewhere}
      isChecked={wish.original === original}
      onChange={() => onChange({ original })}
    />
  )
  return (
    <>
      <FormGroup role="radiogroup" label={words.where} fieldId="where">
        {may('ListHosts') && place(false)}
        {place(true)}
      </FormGroup>
      {!wish.original && <Elsewhere wish={wish} onChange={onChange} />}
    </>
  )
}

function Elsewhere({ wish, onChange }: WishProps) {
  const words = useWords()
  const hosts = useDocument<{ hosts: Host[] }>(['hosts'])
  const host = hosts.data?.hosts.find(({ name }) => name === wish.toHost)
  return (
    <>
      <SelectField
        id="host"
        label={words.columns.host}
        value={wish.toHost}
        choices={(hosts.data?.hosts ?? []).map(({ name }) => [name, name])}
        onChange={(toHost) => onChange({ toHost })}
      />
      <TextField
        id="folder"
        label={words.folder}
        help={host ? words.files.below(host.restoreRoots.join(', ')) : undefined}
        value={wish.path}
        onChange={(path) => onChange({ path })}
      />
      <TextField
        id="name"
        label={words.newName}
        value={wish.name}
        onChange={(name) => onChange({ name })}
      />
      <SelectField
        id="format"
        label={words.columns.format}
        value={wish.format || 'source'}
        choices={[['source', words.asSource], ...FORMATS.map((one) => [one, one] as const)]}
        onChange={(format) => onChange({ format: format === 'source' ? '' : format })}
      />
    </>
  )
}

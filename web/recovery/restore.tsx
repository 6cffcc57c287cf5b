import {
  ActionGroup,
  Alert,
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Radio,
  TextInput,
} from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import type { Host, Job, RestorePlan } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { bytes } from '../shown/format.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'

const FORMATS = ['', 'raw', 'qcow2', 'vhd', 'vhd-fixed', 'vhdx', 'vmdk'] as const

interface Wanted {
  readonly original: boolean
  readonly toHost: string
  readonly path: string
  readonly name: string
  readonly format: string
}

/** A whole point back: where to, a summary of what that means, and only then a start. */
export function Restore() {
  const { point = '' } = useParams()
  const words = useWords()
  const [wanted, setWanted] = useState<Wanted>({
    ...{ original: false, toHost: '', path: '', name: '', format: '' },
  })
  const [sure, setSure] = useState(false)
  const plan = useChange<RestorePlan>()
  const start = useChange<Job>()
  const go = useNavigate()
  const body = { point, ...given(wanted) }
  const change = (part: Partial<Wanted>) => {
    setWanted({ ...wanted, ...part })
    setSure(false)
    plan.reset()
  }
  return (
    <Page title={words.restore}>
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          plan.mutate({ verb: 'POST', parts: ['restores', 'plan'], body })
        }}
      >
        <Where wanted={wanted} onChange={change} />
        {plan.error && <FailureAlert failure={plan.error} />}
        {start.error && <FailureAlert failure={start.error} />}
        <ActionGroup>
          <Button type="submit" variant="secondary" isDisabled={plan.isPending}>
            {words.showPlan}
          </Button>
        </ActionGroup>
        {plan.data && (
          <>
            <Summary plan={plan.data} />
            {plan.data.overwrites.length > 0 && (
              <Checkbox
                id="sure"
                label={words.overwriteSure}
                isChecked={sure}
                onChange={(_, checked) => setSure(checked)}
              />
            )}
            <ActionGroup>
              <Button
                isDanger={plan.data.overwrites.length > 0}
                isDisabled={start.isPending || (plan.data.overwrites.length > 0 && !sure)}
                onClick={() =>
                  start.mutate(
                    { verb: 'POST', parts: ['restores'], body },
                    { onSuccess: ({ id }) => void go(`/jobs/${id}`) },
                  )
                }
              >
                {words.startRestore}
              </Button>
            </ActionGroup>
          </>
        )}
      </Form>
    </Page>
  )
}

/** What was left empty is not asked for: the server knows better. */
function given({ original, toHost, path, name, format }: Wanted): object {
  if (original) return { original }
  const elsewhere = { toHost, path, name, format }
  return Object.fromEntries(Object.entries(elsewhere).filter(([, value]) => value !== ''))
}

interface WhereProps {
  readonly wanted: Wanted
  readonly onChange: (part: Partial<Wanted>) => void
}

function Where({ wanted, onChange }: WhereProps) {
  const words = useWords()
  const hosts = useDocument<{ hosts: Host[] }>(['hosts'])
  const host = hosts.data?.hosts.find(({ name }) => name === wanted.toHost)
  return (
    <>
      <FormGroup role="radiogroup" label={words.where} fieldId="where">
        <Radio
          id="elsewhere"
          name="where"
          label={words.elsewhere}
          isChecked={!wanted.original}
          onChange={() => onChange({ original: false })}
        />
        <Radio
          id="original"
          name="where"
          label={words.original}
          isChecked={wanted.original}
          onChange={() => onChange({ original: true })}
        />
      </FormGroup>
      {!wanted.original && (
        <>
          <FormGroup label={words.columns.host} fieldId="host" isRequired>
            <FormSelect
              id="host"
              value={wanted.toHost}
              onChange={(_, toHost) => onChange({ toHost })}
            >
              <FormSelectOption value="" label={words.choose} isPlaceholder />
              {(hosts.data?.hosts ?? []).map(({ id, name }) => (
                <FormSelectOption key={id} value={name} label={name} />
              ))}
            </FormSelect>
          </FormGroup>
          <FormGroup label={words.folder} fieldId="folder" isRequired>
            <TextInput
              id="folder"
              value={wanted.path}
              placeholder={host?.restoreRoots[0] ?? ''}
              onChange={(_, path) => onChange({ path })}
            />
          </FormGroup>
          <FormGroup label={words.newName} fieldId="name">
            <TextInput id="name" value={wanted.name} onChange={(_, name) => onChange({ name })} />
          </FormGroup>
          <FormGroup label={words.columns.format} fieldId="format">
            <FormSelect
              id="format"
              value={wanted.format}
              onChange={(_, format) => onChange({ format })}
            >
              {FORMATS.map((format) => (
                <FormSelectOption key={format} value={format} label={format || words.asSource} />
              ))}
            </FormSelect>
          </FormGroup>
        </>
      )}
    </>
  )
}

function Summary({ plan }: { readonly plan: RestorePlan }) {
  const words = useWords()
  return (
    <section aria-label={words.summary}>
      <h2>{words.summary}</h2>
      <p>{words.restores(bytes(plan.bytes), plan.host, plan.target)}</p>
      <ul>
        {plan.files.map((file) => (
          <li key={file} className="path">
            {file}
          </li>
        ))}
      </ul>
      {plan.warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      {plan.overwrites.length > 0 && (
        <Alert isInline variant="danger" title={words.overwrites}>
          <ul>
            {plan.overwrites.map((file) => (
              <li key={file} className="path">
                {file}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </section>
  )
}

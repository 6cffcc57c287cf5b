import {
  Checkbox,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  NumberInput,
  TextInput,
} from '@patternfly/react-core'
import type { GroupSettings, Source, Storage } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { ChoiceField, ListField, TextField } from '../shown/fields.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'
import type { Wish } from './wish.ts'

export interface StepProps {
  readonly wish: Wish
  readonly onWish: (wish: Wish) => void
  readonly onSettings: (part: Partial<GroupSettings>) => void
  readonly isNew: boolean
}

export function MembersStep({ wish, onWish, onSettings }: StepProps) {
  const { groups: words } = useWords()
  const sources = useDocument<{ sources: Source[] }>(['sources'])
  const toggle = (name: string, isMember: boolean) => {
    const others = wish.members.filter((member) => member !== name)
    onWish({ ...wish, members: isMember ? [...others, name] : others })
  }
  return (
    <Form>
      <FormGroup label={words.name} fieldId="group-name" isRequired>
        <TextInput
          id="group-name"
          isRequired
          maxLength={64}
          value={wish.name}
          onChange={(_, name) => onWish({ ...wish, name })}
        />
      </FormGroup>
      <FormGroup role="group" label={words.members} fieldId="members">
        <Loaded of={sources}>
          {({ sources }) =>
            sources.map(({ id, name, group }) => (
              <Checkbox
                key={id}
                id={id}
                label={name}
                description={group !== null && group !== wish.name ? words.isIn(group) : undefined}
                isDisabled={group !== null && group !== wish.name}
                isChecked={wish.members.includes(name)}
                onChange={(_, checked) => toggle(name, checked)}
              />
            ))
          }
        </Loaded>
      </FormGroup>
      <ListField
        id="match"
        label={words.rules}
        help={words.rulesHelp}
        value={wish.settings.match}
        onChange={(match) => onSettings({ match })}
      />
    </Form>
  )
}

const SYNC_MINUTES = [15, 30, 45, 60, 120, 240, 360, 720, 1440]

export function GoalsStep({ wish, onSettings }: StepProps) {
  const { groups: words } = useWords()
  const { retainDays, keep, syncMinutes, points, timeZone } = wish.settings
  return (
    <Form>
      <FormGroup label={words.retention} fieldId="retain">
        <NumberInput
          id="retain"
          inputAriaLabel={words.retention}
          unit={words.dayUnit}
          min={1}
          max={448}
          value={retainDays}
          onMinus={() => onSettings({ retainDays: Math.max(1, retainDays - 1) })}
          onPlus={() => onSettings({ retainDays: Math.min(448, retainDays + 1) })}
          onChange={(event) => onSettings({ retainDays: Number(event.currentTarget.value) || 1 })}
        />
      </FormGroup>
      <TextField
        id="keep"
        label={words.keep}
        help={words.keepHelp}
        value={keep}
        onChange={(keep) => onSettings({ keep })}
      />
      <TextField
        id="points"
        label={words.points}
        help={words.pointsHelp}
        value={points}
        onChange={(points) => onSettings({ points })}
      />
      <FormGroup label={words.timeZone} fieldId="zone">
        <FormSelect id="zone" value={timeZone} onChange={(_, timeZone) => onSettings({ timeZone })}>
          {zones(timeZone).map((zone) => (
            <FormSelectOption key={zone} value={zone} label={zone} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={words.sync} fieldId="sync">
        <FormSelect
          id="sync"
          value={syncMinutes ?? ''}
          onChange={(_, minutes) =>
            onSettings({ syncMinutes: minutes === '' ? null : Number(minutes) })
          }
        >
          <FormSelectOption value="" label={words.beforePoint} />
          {SYNC_MINUTES.map((minutes) => (
            <FormSelectOption key={minutes} value={minutes} label={words.everyMinutes(minutes)} />
          ))}
        </FormSelect>
      </FormGroup>
    </Form>
  )
}

function zones(chosen: string): readonly string[] {
  return [...new Set(['UTC', chosen, ...Intl.supportedValuesOf('timeZone')])].filter(Boolean)
}

export function ReplicaStep({ wish, onSettings }: StepProps) {
  const { groups: words } = useWords()
  const storage = useDocument<Storage>(['storage'])
  const { initial, volume } = wish.settings
  return (
    <Form>
      <TextField
        id="initial"
        label={words.initial}
        help={words.initialHelp}
        value={initial}
        onChange={(initial) => onSettings({ initial })}
      />
      <FormGroup label={words.volume} fieldId="volume">
        <FormSelect
          id="volume"
          value={volume ?? ''}
          onChange={(_, path) => onSettings({ volume: path === '' ? null : path })}
        >
          <FormSelectOption value="" label={words.anyVolume} />
          {(storage.data?.volumes ?? []).map(({ path }) => (
            <FormSelectOption key={path} value={path} label={path} />
          ))}
        </FormSelect>
      </FormGroup>
    </Form>
  )
}

export function ChecksStep({ wish, onSettings }: StepProps) {
  const { groups: words } = useWords()
  const { check, consistency, fallback } = wish.settings
  return (
    <Form>
      <ChoiceField
        id="consistency"
        label={words.consistency}
        value={consistency}
        choices={['application', 'filesystem', 'crash']}
        onChange={(consistency) => onSettings({ consistency })}
      />
      <ChoiceField
        id="fallback"
        label={words.fallback}
        value={fallback}
        choices={['pause', 'crash', 'fail']}
        onChange={(fallback) => onSettings({ fallback })}
      />
      <TextField
        id="check"
        label={words.checks}
        help={words.checksHelp}
        value={check}
        onChange={(check) => onSettings({ check })}
      />
    </Form>
  )
}

const MIB = 1024 * 1024

export function OptionsStep({ wish, onSettings }: StepProps) {
  const { groups: words } = useWords()
  const { bytesPerSecond, rateHours, excludeDisks, offsetMinutes, preScript, postScript } =
    wish.settings
  return (
    <Form>
      <FormGroup label={words.rate} fieldId="rate">
        <NumberInput
          id="rate"
          inputAriaLabel={words.rate}
          unit="MiB/s"
          min={0}
          value={Math.round(bytesPerSecond / MIB)}
          onMinus={() => onSettings({ bytesPerSecond: Math.max(0, bytesPerSecond - MIB) })}
          onPlus={() => onSettings({ bytesPerSecond: bytesPerSecond + MIB })}
          onChange={(event) =>
            onSettings({ bytesPerSecond: (Number(event.currentTarget.value) || 0) * MIB })
          }
        />
      </FormGroup>
      <ListField
        id="rate-hours"
        label={words.rateHours}
        help={words.rateHoursHelp}
        value={rateHours}
        onChange={(rateHours) => onSettings({ rateHours })}
      />
      <ListField
        id="exclude"
        label={words.excludeDisks}
        help={words.listHelp}
        value={excludeDisks}
        onChange={(excludeDisks) => onSettings({ excludeDisks })}
      />
      <FormGroup label={words.offset} fieldId="offset">
        <NumberInput
          id="offset"
          inputAriaLabel={words.offset}
          unit={words.minuteUnit}
          min={0}
          max={59}
          value={offsetMinutes}
          onMinus={() => onSettings({ offsetMinutes: Math.max(0, offsetMinutes - 1) })}
          onPlus={() => onSettings({ offsetMinutes: Math.min(59, offsetMinutes + 1) })}
          onChange={(event) =>
            onSettings({ offsetMinutes: Number(event.currentTarget.value) || 0 })
          }
        />
      </FormGroup>
      <ObjectiveField wish={wish} onSettings={onSettings} />
      <TextField
        id="pre"
        label={words.preScript}
        help={words.scriptHelp}
        value={preScript ?? ''}
        onChange={(name) => onSettings({ preScript: name || null })}
      />
      <TextField
        id="post"
        label={words.postScript}
        help={words.scriptHelp}
        value={postScript ?? ''}
        onChange={(name) => onSettings({ postScript: name || null })}
      />
    </Form>
  )
}

/** In hours; 0 leaves it to the schedule. */
function ObjectiveField({ wish, onSettings }: Pick<StepProps, 'wish' | 'onSettings'>) {
  const { groups: words } = useWords()
  const hours = Math.round(((wish.settings.objectiveMinutes ?? 0) / 60) * 100) / 100
  const onHours = (count: number) =>
    onSettings({ objectiveMinutes: count > 0 ? Math.round(count * 60) : null })
  return (
    <FormGroup label={words.objective} fieldId="objective">
      <NumberInput
        id="objective"
        inputAriaLabel={words.objective}
        unit={words.objectiveUnit}
        min={0}
        value={hours}
        onMinus={() => onHours(hours - 1)}
        onPlus={() => onHours(hours + 1)}
        onChange={(event) => onHours(Number(event.currentTarget.value) || 0)}
      />
    </FormGroup>
  )
}

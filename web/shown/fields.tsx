import {
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core'
import type { FocusEvent } from 'react'
import { useWords, type Words } from '../words/words.tsx'

/* Fields of forms, each with its label and, where it helps, an example. */

interface FieldProps<T> {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly value: T
  readonly onChange: (value: T) => void
}

export function TextField({ id, label, help, value, onChange }: FieldProps<string>) {
  return (
    <FormGroup label={label} fieldId={id}>
      <TextInput
        id={id}
        aria-describedby={`${id}-help`}
        value={value}
        onChange={(_, text) => onChange(text)}
      />
      <Help id={id} text={help} />
    </FormGroup>
  )
}

/** Several words in one field, with commas between them. */
export function ListField({ id, label, help, value, onChange }: FieldProps<string[]>) {
  const words = (text: string) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean)
  return (
    <FormGroup label={label} fieldId={id}>
      <TextInput
        id={id}
        aria-describedby={`${id}-help`}
        defaultValue={value.join(', ')}
        onBlur={(event: FocusEvent<HTMLInputElement>) => onChange(words(event.currentTarget.value))}
      />
      <Help id={id} text={help} />
    </FormGroup>
  )
}

interface ChoiceProps extends FieldProps<string> {
  readonly choices: readonly string[]
}

export function ChoiceField({ id, label, value, choices, onChange }: ChoiceProps) {
  const { terms } = useWords()
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect id={id} value={value} onChange={(_, chosen) => onChange(chosen)}>
        {choices.map((choice) => (
          <FormSelectOption
            key={choice}
            value={choice}
            label={terms[choice as keyof Words['terms']] ?? choice}
          />
        ))}
      </FormSelect>
    </FormGroup>
  )
}

interface SecretProps extends FieldProps<string> {
  /** What is wrong with it, as long as it is. */
  readonly problem?: string
}

/** A new secret: nothing is filled in, and it is not shown. */
export function SecretField({ id, label, help, problem, value, onChange }: SecretProps) {
  return (
    <FormGroup label={label} fieldId={id}>
      <TextInput
        id={id}
        type="password"
        autoComplete="new-password"
        aria-describedby={`${id}-help`}
        validated={problem === undefined ? 'default' : 'error'}
        value={value}
        onChange={(_, text) => onChange(text)}
      />
      <Help id={id} text={problem ?? help} isProblem={problem !== undefined} />
    </FormGroup>
  )
}

interface HelpProps {
  readonly id: string
  readonly text?: string
  readonly isProblem?: boolean
}

function Help({ id, text, isProblem = false }: HelpProps) {
  if (text === undefined) return null
  return (
    <FormHelperText>
      <HelperText id={`${id}-help`}>
        <HelperTextItem variant={isProblem ? 'error' : 'default'}>{text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  )
}

interface SelectProps extends FieldProps<string> {
  /** Value and what is shown of it. */
  readonly choices: readonly (readonly [string, string])[]
}

/** A choice that begins empty where nothing is chosen yet. */
export function SelectField({ id, label, help, value, choices, onChange }: SelectProps) {
  const { choose } = useWords()
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect id={id} value={value} onChange={(_, chosen) => onChange(chosen)}>
        {value === '' && <FormSelectOption value="" label={choose} isPlaceholder />}
        {choices.map(([choice, shown]) => (
          <FormSelectOption key={choice} value={choice} label={shown} />
        ))}
      </FormSelect>
      <Help id={id} text={help} />
    </FormGroup>
  )
}

interface LongProps extends FieldProps<string> {
  readonly placeholder?: string
}

/** A text of several lines, such as a certificate. */
export function LongField({ id, label, help, placeholder, value, onChange }: LongProps) {
  return (
    <FormGroup label={label} fieldId={id}>
      <TextArea
        id={id}
        className="path"
        resizeOrientation="vertical"
        aria-describedby={`${id}-help`}
        placeholder={placeholder}
        value={value}
        onChange={(_, text) => onChange(text)}
      />
      <Help id={id} text={help} />
    </FormGroup>
  )
}

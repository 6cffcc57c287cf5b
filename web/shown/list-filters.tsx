import {
  FormSelect,
  FormSelectOption,
  SearchInput,
  TextInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core'
import { useState, type ReactNode } from 'react'
import { useSearchParams } from 'react-router'

/** What a list is narrowed by, as part of the page's address. */
function useFilter(name: string) {
  const [search, setSearch] = useSearchParams()
  return {
    value: search.get(name) ?? '',
    onChange: (_: unknown, value: string) => {
      const next = new URLSearchParams(search)
      if (value === '') next.delete(name)
      else next.set(name, value)
      setSearch(next)
    },
  }
}

export function Filters({ children }: { readonly children: ReactNode }) {
  return (
    <Toolbar>
      <ToolbarContent>{children}</ToolbarContent>
    </Toolbar>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly label: string
  /** When nothing is chosen. */
  readonly any: string
  readonly choices: readonly (readonly [value: string, shown: string])[]
}

export function FilterChoice({ name, label, any, choices }: ChoiceProps) {
  return (
    <ToolbarItem>
      <FormSelect aria-label={label} {...useFilter(name)}>
        <FormSelectOption value="" label={any} />
        {choices.map(([value, shown]) => (
          <FormSelectOption key={value} value={value} label={shown} />
        ))}
      </FormSelect>
    </ToolbarItem>
  )
}

/** Of names that there are; one that the address has and that is gone stays a choice. */
export function FilterName({
  names,
  ...props
}: Omit<ChoiceProps, 'choices'> & { readonly names: readonly string[] }) {
  const { value } = useFilter(props.name)
  const all = new Set(value === '' ? names : [...names, value])
  return <FilterChoice {...props} choices={[...all].sort().map((name) => [name, name] as const)} />
}

export function FilterDay({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <ToolbarItem>
      <label className="choice" htmlFor={`filter-${name}`}>
        {label}
        <TextInput type="date" id={`filter-${name}`} {...useFilter(name)} />
      </label>
    </ToolbarItem>
  )
}

/** Looked for once it is whole: with Enter, or as the field is left. */
export function FilterText({ name, label }: { readonly name: string; readonly label: string }) {
  const { value, onChange } = useFilter(name)
  const [typed, setTyped] = useState<string | undefined>()
  const text = typed ?? value
  const take = (taken: string) => {
    setTyped(undefined)
    if (taken.trim() !== value) onChange(undefined, taken.trim())
  }
  return (
    <ToolbarItem>
      <SearchInput
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(_, now) => setTyped(now)}
        onSearch={() => take(text)}
        onClear={() => take('')}
        onBlur={() => take(text)}
      />
    </ToolbarItem>
  )
}

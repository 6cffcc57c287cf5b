import { SearchInput } from '@patternfly/react-core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { useWords } from '../words/words.tsx'

interface NarrowProps {
  readonly path: string
  readonly name: string
}

/** Only what is called so, out of a folder of however many; part of the address. */
export function Narrow({ path, name }: NarrowProps) {
  const { files } = useWords()
  const [, setSearch] = useSearchParams()
  const [text, setText] = useState(name)
  const look = (name: string) => {
    setText(name)
    setSearch({ path, ...(name === '' ? {} : { name }) })
  }
  return (
    <SearchInput
      className="narrow-search"
      aria-label={files.inFolder}
      placeholder={files.inFolder}
      submitSearchButtonLabel={files.narrow}
      resetButtonLabel={files.notNarrowed}
      value={text}
      onChange={(_, text) => setText(text)}
      onSearch={() => look(text.trim())}
      onClear={() => look('')}
    />
  )
}

interface ToldProps {
  readonly name: string
  readonly seen: number
  readonly total: number | null
}

/** How many there are, once that is known; how far the server is, until then. */
export function Told({ name, seen, total }: ToldProps) {
  const { files } = useWords()
  const count = name === '' ? files.entries : files.matched
  return (
    <div aria-live="polite">
      {total === null ? seen > 0 && <p>{files.reading(seen)}</p> : <p>{count(total)}</p>}
    </div>
  )
}

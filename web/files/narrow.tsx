import { Alert, SearchInput } from '@patternfly/react-core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { useWords } from '../words/words.tsx'
import type { Folder } from './use-folder.ts'

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
  readonly folder: Folder
  readonly name: string
  readonly done: boolean
}

/** How many there are of how many, and that it is not all where it is not. */
export function Told({ folder: { entries, seen, isCut }, name, done }: ToldProps) {
  const { files } = useWords()
  return (
    <div aria-live="polite">
      {isCut && (
        <Alert isInline variant="info" title={files.cut(entries.length)}>
          {files.cutHelp}
        </Alert>
      )}
      {done && !isCut && name !== '' && <p>{files.matched(entries.length, seen)}</p>}
      {!done && seen > 0 && <p>{files.reading(seen)}</p>}
    </div>
  )
}

import { Button } from '@patternfly/react-core'
import { useSearchParams } from 'react-router'
import { useWords } from '../words/words.tsx'

interface Props {
  /** Of the entry that stands last, if there may be more behind it. */
  readonly last: string | undefined
}

/** Back through a long list a page at a time; nothing where all of it is shown. */
export function Older({ last }: Props) {
  const { audit: words } = useWords()
  const [search, setSearch] = useSearchParams()
  const isNewest = !search.has('before')
  if (isNewest && last === undefined) return null
  const go = (before: string | undefined) => {
    const next = new URLSearchParams(search)
    if (before === undefined) next.delete('before')
    else next.set('before', before)
    setSearch(next)
  }
  return (
    <div className="actions">
      <Button variant="secondary" isDisabled={isNewest} onClick={() => go(undefined)}>
        {words.newest}
      </Button>
      <Button variant="secondary" isDisabled={last === undefined} onClick={() => go(last)}>
        {words.older}
      </Button>
    </div>
  )
}

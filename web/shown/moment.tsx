import { useWords } from '../words/words.tsx'
import { ago, serverTime, time } from './format.ts'
import { useNow } from './now.ts'

interface Props {
  readonly at: string | null
  /** How long ago instead of when. */
  readonly relative?: boolean
}

/** A time where the viewer is; the server's own stands in its title. */
export function Moment({ at, relative = false }: Props) {
  const { locale } = useWords()
  const now = useNow()
  if (at === null || at === '') return <>–</>
  const text = relative ? ago(at, locale, now) : time(at, locale)
  return (
    <time dateTime={at} title={`${time(at, locale)} · ${serverTime(at)}`}>
      {text}
    </time>
  )
}

import { useWords } from '../words/words.tsx'
import { ago, exactTime, serverTime, time } from './format.ts'
import { useNow } from './now.ts'

interface Props {
  readonly at: string | null
  /** How long ago instead of when. */
  readonly relative?: boolean
  /** To the second. */
  readonly exact?: boolean
}

/** A time where the viewer is; the server's own stands in its title. */
export function Moment({ at, relative = false, exact = false }: Props) {
  const { locale } = useWords()
  const now = useNow()
  if (at === null || at === '') return <>–</>
  const when = exact ? exactTime(at, locale) : time(at, locale)
  const text = relative ? ago(at, locale, now) : when
  return (
    <time
      className={relative ? 'relative' : undefined}
      dateTime={at}
      title={`${time(at, locale)} · ${serverTime(at)}`}
    >
      {text}
    </time>
  )
}

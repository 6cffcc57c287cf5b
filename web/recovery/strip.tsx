import type { Point } from '../api/documents.ts'
import { bytes, time } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'

interface Props {
  /** The newest first. */
  readonly points: readonly Point[]
  readonly label: string
}

/** Points beside one another, the oldest first: as high as what changed, coloured by their state. */
export function Strip({ points, label }: Props) {
  const { locale, states } = useWords()
  const most = Math.max(1, ...points.map(({ changedBytes }) => changedBytes))
  return (
    <div className="strip" role="img" aria-label={`${label}: ${points.length}`}>
      {points.toReversed().map(({ id, state, changedBytes, createdAt }) => (
        <span
          key={id}
          className={state}
          title={`${time(createdAt, locale)}: ${states[state as keyof typeof states] ?? state}, ${bytes(changedBytes)}`}
          style={{ height: `${Math.max(8, (100 * changedBytes) / most)}%` }}
        />
      ))}
    </div>
  )
}

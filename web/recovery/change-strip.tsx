import type { Point } from '../api/documents.ts'
import { bytes } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'

const SHOWN = 60

/** How much changed with each of the last points, oldest first: a jump is seen at once. */
export function ChangeStrip({ points }: { readonly points: readonly Point[] }) {
  const { changePerPoint } = useWords()
  const shown = points.slice(0, SHOWN).reverse()
  const most = Math.max(1, ...shown.map(({ changedBytes }) => changedBytes))
  return (
    <figure>
      <figcaption>{changePerPoint}</figcaption>
      <div className="strip" role="img" aria-label={`${changePerPoint}: ${shown.length}`}>
        {shown.map(({ id, state, changedBytes }) => (
          <span
            key={id}
            className={state}
            title={bytes(changedBytes)}
            style={{ height: `${Math.max(8, (100 * changedBytes) / most)}%` }}
          />
        ))}
      </div>
    </figure>
  )
}

import type { Point } from '../api/documents.ts'
import { useWords } from '../words/words.tsx'
import { Strip } from './strip.tsx'

const SHOWN = 60

/** How much changed with each of the last points: a jump is seen at once. */
export function ChangeStrip({ points }: { readonly points: readonly Point[] }) {
  const { changePerPoint } = useWords()
  return (
    <figure>
      <figcaption>{changePerPoint}</figcaption>
      <Strip points={points.slice(0, SHOWN)} label={changePerPoint} />
    </figure>
  )
}

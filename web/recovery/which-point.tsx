import { Link } from 'react-router'
import type { Point } from '../api/documents.ts'
import { Moment } from '../shown/moment.tsx'
import { useWords } from '../words/words.tsx'

/** Whose point it is, of when: above whatever is done with it. */
export function WhichPoint({ point }: { readonly point: Point | undefined }) {
  const { pointOf } = useWords()
  if (!point) return null
  return (
    <p>
      <Link to={`/points/${point.id}`}>{pointOf(point.source)}</Link>,{' '}
      <Moment exact at={point.createdAt} />
      {point.label !== null && ` · ${point.label}`}
    </p>
  )
}

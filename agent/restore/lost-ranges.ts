import type { Extent } from '../../core/model/extent.ts'

/** A disk that is dying has thousands; a person reads the first few and the sum. */
const MOST_NAMED = 50

/** What a partial point lacks of a disk, in words. */
export function lostRanges(disk: string, ranges: readonly Extent[]): string[] {
  if (ranges.length === 0) return []
  const named = ranges
    .slice(0, MOST_NAMED)
    .map(({ offset, length }) => `disk ${disk}: ${length} bytes at offset ${offset} ${CAUSE}`)
  if (ranges.length <= MOST_NAMED) return named
  const bytes = ranges.reduce((sum, { length }) => sum + length, 0)
  return [...named, `disk ${disk}: ${ranges.length} such ranges, ${bytes} bytes in all`]
}

const CAUSE = 'could not be read when the point was made, and are zeros here'

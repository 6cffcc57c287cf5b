/** A byte range, as trackers and allocation maps report it. */
export interface Extent {
  readonly offset: number
  readonly length: number
}

/** Sorted, without overlap, touching ones joined, empty ones gone. */
export function normalize(extents: Iterable<Extent>): Extent[] {
  const sorted = [...extents].filter((e) => e.length > 0).sort((a, b) => a.offset - b.offset)
  const joined: { offset: number; length: number }[] = []
  for (const extent of sorted) {
    const last = joined.at(-1)
    if (last && extent.offset <= last.offset + last.length)
      last.length = Math.max(last.length, extent.offset + extent.length - last.offset)
    else joined.push({ ...extent })
  }
  return joined
}

/** Ranges of `[0, size)` that `extents` (normalized) leave out. */
export function complement(extents: readonly Extent[], size: number): Extent[] {
  const gaps: Extent[] = []
  let at = 0
  for (const extent of extents) {
    if (extent.offset > at) gaps.push({ offset: at, length: Math.min(extent.offset, size) - at })
    at = Math.max(at, extent.offset + extent.length)
    if (at >= size) break
  }
  if (at < size) gaps.push({ offset: at, length: size - at })
  return gaps
}

/** What both (normalized) lists cover. */
export function intersect(a: readonly Extent[], b: readonly Extent[]): Extent[] {
  const both: Extent[] = []
  let i = 0
  let j = 0
  for (let x = a[i], y = b[j]; x && y; x = a[i], y = b[j]) {
    const start = Math.max(x.offset, y.offset)
    const end = Math.min(x.offset + x.length, y.offset + y.length)
    if (end > start) both.push({ offset: start, length: end - start })
    if (x.offset + x.length < y.offset + y.length) i++
    else j++
  }
  return both
}

/** Widened outward to whole units of `unit` bytes, cut at `size`, and joined. */
export function widen(extents: Iterable<Extent>, unit: number, size: number): Extent[] {
  return normalize(
    [...extents].map(({ offset, length }) => {
      const start = Math.floor(offset / unit) * unit
      const end = Math.min(Math.ceil((offset + length) / unit) * unit, size)
      return { offset: start, length: end - start }
    }),
  )
}

export function totalLength(extents: Iterable<Extent>): number {
  let sum = 0
  for (const { length } of extents) sum += length
  return sum
}

/** A place of an image that readers take apart. */
export interface Structure {
  /** What it is, in a word: each sort is hit as often as any other, however many there are. */
  readonly sort: string
  readonly offset: number
  readonly length: number
  /** The part that is changed, from `offset` on, where that is not all of it. */
  readonly hot?: readonly [from: number, length: number]
  /** Makes its checksum right again, so that damage gets past being noticed at once. */
  readonly repair?: (bytes: Buffer) => void
}

export function bySort(structures: readonly Structure[]): readonly (readonly Structure[])[] {
  const sorts = new Map<string, Structure[]>()
  for (const structure of structures)
    sorts.set(structure.sort, [...(sorts.get(structure.sort) ?? []), structure])
  return [...sorts.values()]
}

/** Offsets of all blocks of `step` bytes that begin with these bytes. */
export function* blocksWith(
  image: Buffer,
  step: number,
  mark: string,
  from = 0,
): Generator<number> {
  const wanted = Buffer.from(mark, 'latin1')
  for (let at = from; at + step <= image.length; at += step)
    if (image.subarray(at, at + wanted.length).equals(wanted)) yield at
}

import { createHash } from 'node:crypto'

/** Choices that a seed repeats. */
export interface Choice {
  /** 0 .. limit - 1 */
  below(limit: number): number
  of<T>(items: readonly T[]): T
  oneIn(chances: number): boolean
}

export function seededChoice(seed: string): Choice {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  const below = (limit: number): number => {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
  return {
    below,
    of: (items) => items[below(items.length)]!,
    oneIn: (chances) => below(chances) === 0,
  }
}

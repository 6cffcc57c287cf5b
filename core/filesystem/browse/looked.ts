/** So many further entries were looked at. */
export interface Looked {
  readonly looked: number
}

/** Entries between two words of how far it is. */
export const LOOKED_AT_ONCE = 10_000

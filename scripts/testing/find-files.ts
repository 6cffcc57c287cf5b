import { globSync } from 'node:fs'

export interface Wanted {
  readonly nightly: boolean
  /** Parts of paths; a file that has none of them is not run. Empty means all. */
  readonly filters: readonly string[]
}

/** The test files of this run, in a stable order. Those for the night only when asked for. */
export function findTestFiles({ nightly, filters }: Wanted): string[] {
  return globSync('test/**/*.test.ts')
    .filter((file) => nightly || !file.endsWith('.nightly.test.ts'))
    .filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)))
    .sort()
}

import { HoldfastError } from '../error.ts'

/** In the order in which they choose: each leaves alone what one before it kept. */
export const KEEP_WORDS = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const
export type KeepWord = (typeof KEEP_WORDS)[number]

/** How many points each rule keeps; an absent one keeps none. */
export type KeepRules = Readonly<Partial<Record<KeepWord, number>>>

export interface RetentionRules {
  /** Every point of so many days stays; days without a consistent replica do not count. */
  readonly retainDays: number
  readonly keep: KeepRules
}

export const SHORTEST_DAYS = 1
export const LONGEST_DAYS = 448
const MOST_KEPT = 10_000

/** `daily=7,weekly=4`; `` and `none` are no rule. Throws 'invalid-argument'. */
export function parseKeepRules(text: string): KeepRules {
  const rules: Partial<Record<KeepWord, number>> = {}
  if (text.trim() === '' || text.trim() === 'none') return rules
  for (const part of text.split(',')) {
    const [, word, count] = /^\s*([a-z]+)=(\d{1,5})\s*$/.exec(part) ?? []
    const known = KEEP_WORDS.find((one) => one === word)
    if (known === undefined || Number(count) > MOST_KEPT || known in rules)
      throw new HoldfastError('invalid-argument', `${JSON.stringify(part.trim())} keeps nothing`, {
        hint: `Such as daily=7,weekly=4: each of ${KEEP_WORDS.join(', ')} once, up to ${MOST_KEPT}.`,
      })
    if (Number(count) > 0) rules[known] = Number(count)
  }
  return rules
}

export function formatKeepRules(rules: KeepRules): string {
  const parts = KEEP_WORDS.flatMap((word) => (rules[word] ? [`${word}=${rules[word]}`] : []))
  return parts.join(',')
}

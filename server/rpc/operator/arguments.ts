import { HoldfastError } from '../../../core/model/error.ts'

/** Looks at what a request says before anything is done with it. */

export function requireTime(what: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time.toISOString()
  throw new HoldfastError('invalid-argument', `${what}: ${JSON.stringify(text)} is no time`, {
    hint: 'Times are ISO 8601, such as 2026-11-22T10:00:00Z.',
  })
}

export function requireCount(what: string, text: string | undefined): void {
  if (text === undefined || /^[0-9]{1,9}$/.test(text)) return
  throw new HoldfastError('invalid-argument', `${what}: ${JSON.stringify(text)} is no count`)
}

export function requireOneOf<T extends string>(what: string, text: string, words: readonly T[]): T {
  const word = words.find((known) => known === text)
  if (word !== undefined) return word
  throw new HoldfastError('invalid-argument', `${what} cannot be ${JSON.stringify(text)}`, {
    hint: `One of ${words.join(', ')}.`,
  })
}

export function requireText(what: string, text: string): string {
  if (text !== '') return text
  throw new HoldfastError('invalid-argument', `${what} is missing`)
}

export function requirePaths(paths: readonly Uint8Array[]): void {
  if (paths.length === 0) throw new HoldfastError('invalid-argument', 'no path is named')
}

import { isUtf8 } from 'node:buffer'
import { HoldfastError } from '../../model/error.ts'

/*
 * Patterns for names as a shell has them: `*` and `?` within a name, `[a-z]`, `[!a-z]`, `\` before a
 * letter that is meant itself, and `**` for any number of folders. One without `/` is for the name
 * alone, at any depth; one that begins with `/` counts from the root.
 */

type Token =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'many' }
  | {
      readonly kind: 'set'
      readonly isNegated: boolean
      readonly ranges: readonly (readonly [string, string])[]
    }

export interface Glob {
  /** `path` has the names from the root on; the last is the entry's own. */
  matches(path: readonly string[]): boolean
}

/** Any depth. */
const DEEP = Symbol('**')
type Part = readonly Token[] | typeof DEEP

const MAX_PATTERN = 4096

export function parseGlob(pattern: Buffer, ignoreCase: boolean): Glob {
  if (pattern.length === 0 || pattern.length > MAX_PATTERN)
    throw new HoldfastError('invalid-argument', `a pattern has 1 to ${MAX_PATTERN} bytes`)
  const text = nameText(pattern, ignoreCase)
  const names = text.split('/')
  const isRooted = names[0] === '' && names.length > 1
  const parts: Part[] = names
    .filter((name) => name !== '')
    .map((name) => (name === '**' ? DEEP : parseName(name)))
  if (!isRooted) parts.unshift(DEEP)
  return { matches: (path) => matchesPath(parts, path) }
}

/** As names are compared: UTF-8 by its letters, all else byte by byte. */
export function nameText(name: Buffer, ignoreCase: boolean): string {
  const text = name.toString(isUtf8(name) ? 'utf8' : 'latin1')
  return ignoreCase ? text.toLowerCase() : text
}

function parseName(text: string): Token[] {
  const letters = Array.from(text)
  const tokens: Token[] = []
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at]!
    if (letter === '*') tokens.push({ kind: 'many' })
    else if (letter === '?') tokens.push({ kind: 'any' })
    else if (letter === '\\' && at + 1 < letters.length)
      tokens.push({ kind: 'letter', letter: letters[++at]! })
    else {
      const set = letter === '[' ? parseSet(letters, at) : undefined
      tokens.push(set ? set.token : { kind: 'letter', letter })
      if (set) at = set.end
    }
  }
  return tokens
}

/** Undefined where the bracket is not closed: then it is a letter. */
function parseSet(
  letters: readonly string[],
  start: number,
): { token: Token; end: number } | undefined {
  const isNegated = letters[start + 1] === '!' || letters[start + 1] === '^'
  const first = start + (isNegated ? 2 : 1)
  const end = letters.indexOf(']', first + 1) // one that comes first is a letter
  if (end < 0) return undefined
  const ranges: [string, string][] = []
  for (let at = first; at < end; at++) {
    const isRange = letters[at + 1] === '-' && at + 2 < end
    ranges.push([letters[at]!, letters[isRange ? at + 2 : at]!])
    if (isRange) at += 2
  }
  return { token: { kind: 'set', isNegated, ranges }, end }
}

/** Which numbers of parts are used up after each name: no pattern takes longer than parts × names. */
function matchesPath(parts: readonly Part[], path: readonly string[]): boolean {
  let reached = new Set(closure(parts, [0]))
  for (const name of path) {
    const next: number[] = []
    for (const at of reached) {
      const part = parts[at]
      if (part === undefined) continue
      if (part === DEEP) next.push(at)
      else if (matchesName(part, Array.from(name))) next.push(at + 1)
    }
    reached = new Set(closure(parts, next))
    if (reached.size === 0) return false
  }
  return reached.has(parts.length)
}

/** Any depth may be none. */
function closure(parts: readonly Part[], places: readonly number[]): number[] {
  const all: number[] = []
  for (let at of places) {
    all.push(at)
    while (parts[at] === DEEP) all.push(++at)
  }
  return all
}

/** Goes back to the last `*` only: no pattern takes longer than letters × tokens. */
function matchesName(tokens: readonly Token[], letters: readonly string[]): boolean {
  let [at, token] = [0, 0]
  let back: { at: number; token: number } | undefined
  while (at < letters.length) {
    const wanted = tokens[token]
    if (wanted?.kind === 'many') back = { at, token: ++token }
    else if (wanted && matchesLetter(wanted, letters[at]!)) {
      at++
      token++
    } else if (back) {
      back.at++
      at = back.at
      token = back.token
    } else return false
  }
  while (tokens[token]?.kind === 'many') token++
  return token === tokens.length
}

function matchesLetter(token: Token, letter: string): boolean {
  if (token.kind === 'letter') return token.letter === letter
  if (token.kind === 'set')
    return token.ranges.some(([low, high]) => low <= letter && letter <= high) !== token.isNegated
  return token.kind === 'any'
}

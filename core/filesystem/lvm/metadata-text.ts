import { damaged } from '../damaged.ts'

/** LVM's metadata are text: `name { key = value }`, values being numbers, strings and lists. */
export interface Section {
  readonly [name: string]: Value
}

export type Value = number | string | readonly (number | string)[] | Section

const MAX_DEPTH = 8
const TOKEN =
  /\s*(?:#[^\n]*\n\s*)*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)(?![\w.+/@-])|([\w.+/@-]+)|([={}[\],]))/y

export function parseMetadata(text: string): Section {
  const tokens = new Tokens(text)
  return readSection(tokens, 0)
}

/** Up to its closing brace or, at depth 0, to the end of the text. */
function readSection(tokens: Tokens, depth: number): Section {
  if (depth > MAX_DEPTH) throw damaged('lvm2: the metadata are nested too deeply')
  // Without prototype: names come from the disk.
  const section = Object.create(null) as Record<string, Value>
  for (;;) {
    const name = tokens.next()
    if (name === undefined && depth === 0) return section
    if (name === '}' && depth > 0) return section
    if (name === undefined || SIGNS.has(name)) throw broken()
    const sign = tokens.next()
    if (sign === '{') section[name] = readSection(tokens, depth + 1)
    else if (sign === '=') section[name] = readValue(tokens)
    else throw broken()
  }
}

function readValue(tokens: Tokens): Value {
  const token = tokens.next()
  if (token !== '[') return readScalar(token)
  const list: (number | string)[] = []
  for (;;) {
    const item = tokens.next()
    if (item === ']') return list
    if (item !== ',') list.push(readScalar(item))
  }
}

function readScalar(token: string | undefined): number | string {
  if (token === undefined || SIGNS.has(token)) throw broken()
  if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/gs, '$1')
  const value = Number(token)
  if (Number.isNaN(value)) throw broken()
  return value
}

const SIGNS = new Set(['=', '{', '}', '[', ']', ','])

class Tokens {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  next(): string | undefined {
    TOKEN.lastIndex = this.#at
    const found = TOKEN.exec(this.#text)
    if (!found) {
      if (/^\s*(?:#[^\n]*\n?\s*)*$/.test(this.#text.slice(this.#at))) return undefined
      throw broken()
    }
    this.#at = TOKEN.lastIndex
    return found[1] ?? found[2] ?? found[3] ?? found[4]
  }
}

function broken() {
  return damaged('lvm2: the text of the metadata is damaged')
}

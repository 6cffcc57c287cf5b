import { nameText, parseGlob } from './glob.ts'

/** What names of one folder have to be like; upper and lower case are the same. */
export interface NamePattern {
  matches(name: Buffer): boolean
}

export const ALL_NAMES: NamePattern = { matches: () => true }

/** As a shell has it, for the name alone. An empty one matches all. */
export function parseNamePattern(pattern: Uint8Array): NamePattern {
  const bytes = Buffer.from(pattern)
  if (bytes.length === 0 || bytes.equals(Buffer.from('*'))) return ALL_NAMES
  const part = partOf(nameText(bytes, true))
  if (part !== undefined) return { matches: (name) => nameText(name, true).includes(part) }
  const glob = parseGlob(bytes, true)
  return { matches: (name) => glob.matches([nameText(name, true)]) }
}

/** `*part*` is what people mostly look for: of a million names quicker as what it is than as a pattern. */
function partOf(pattern: string): string | undefined {
  const [, part] = /^\*((?:[^*?[\\/]|\\.)+)\*$/su.exec(pattern) ?? []
  return part?.replaceAll(/\\(.)/gsu, '$1')
}

import { LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'

/** What a YAML file says, and where it says it. */
export interface CheckedYaml<T> {
  readonly value: T
  /** 1 is the first line: of the value there, or of what holds it where it is missing. */
  lineOf(path: readonly PropertyKey[]): number
}

export type YamlReading<T> = CheckedYaml<T> | { readonly problems: readonly string[] }

/** Each problem begins with its line. Aliases are few: a short file cannot say a long one. */
export function readYaml<S extends z.ZodType>(text: string, schema: S): YamlReading<z.output<S>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const lineOf = (path: readonly PropertyKey[]) => findLine(document, lines, path)
  if (document.errors.length > 0)
    return { problems: document.errors.map(({ message, pos }) => broken(message, pos[0], lines)) }
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 16 }))
  if (parsed.success) return { value: parsed.data, lineOf }
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = path.length > 0 ? `${path.join('.')}: ` : ''
    return { line: lineOf(path), text: `${name}${message}` }
  })
  problems.sort((a, b) => a.line - b.line)
  return { problems: problems.map(({ line, text }) => `line ${line}: ${text}`) }
}

function broken(message: string, at: number, lines: LineCounter): string {
  const sentence = (message.split('\n')[0] ?? 'it is no YAML').replace(/ at line .*$/, '')
  return `line ${lines.linePos(at).line}: ${sentence}`
}

function findLine(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: number[] } | undefined
    const at = node?.range?.[0]
    if (at !== undefined) return lines.linePos(at).line
  }
  return 1
}

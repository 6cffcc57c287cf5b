import { HoldfastError } from '../error.ts'

/** What brings a data source into a group by itself. */
export interface MatchRule {
  readonly kind: 'name' | 'host' | 'tag'
  readonly pattern: string
}

export interface Matchable {
  /** HOST/NAME. */
  readonly name: string
  readonly host: string
  readonly tags: readonly string[]
}

const KINDS: readonly string[] = ['name', 'host', 'tag'] satisfies MatchRule['kind'][]

/** `name:web*`, `host:alpha`, `tag:prod`; a bare pattern is one of names. Throws 'invalid-argument'. */
export function parseMatchRule(text: string): MatchRule {
  const [, kind = 'name', pattern = ''] = /^(?:(name|host|tag):)?(.+)$/s.exec(text.trim()) ?? []
  if (pattern !== '') return { kind: kind as MatchRule['kind'], pattern }
  throw new HoldfastError('invalid-argument', `${JSON.stringify(text)} matches nothing`, {
    hint: 'Such as name:alpha/web*, host:alpha or tag:prod; * stands for anything.',
  })
}

/** The same, for a rule that somebody writes now: a mistyped kind is no pattern of names. */
export function checkMatchRule(text: string): MatchRule {
  const rule = parseMatchRule(text)
  const [, kind] = /^(\w+):/.exec(text.trim()) ?? []
  if (kind === undefined || KINDS.includes(kind)) return rule
  throw new HoldfastError('invalid-argument', `${JSON.stringify(kind)} is no kind of rule`, {
    hint: `One of ${KINDS.join(', ')}. For a name with a colon: name:${text.trim()}`,
  })
}

/** A name's pattern without a / is one of the NAME after HOST/. */
export function matches(rule: MatchRule, source: Matchable): boolean {
  const pattern = expressionOf(rule.pattern)
  if (rule.kind === 'host') return pattern.test(source.host)
  if (rule.kind === 'tag') return source.tags.some((tag) => pattern.test(tag))
  const name = source.name.slice(source.name.indexOf('/') + 1)
  return pattern.test(source.name) || pattern.test(name)
}

// Only * and ? mean something; repeated * would make the expression slow.
function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const text = escaped.replace(/\*+/g, '.*').replaceAll('?', '.')
  return new RegExp(`^${text}$`, 's')
}

import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from '../catalog/database.ts'
import { dataSourceOf, requesterOf, type ScopedKind } from '../catalog/scopes.ts'
import { resolveHost, resolvePoint, resolveSource } from '../catalog/names.ts'
import type { Caller, Sight } from './decide.ts'
import type { NamedKind, Rule } from './methods.ts'

/**
 * Everything that the request names must lie within the caller's sight. What does not is answered
 * like what does not exist, in the same words: nobody learns of others' names and ids here.
 */
export async function requireWithinReach(
  q: Queryable,
  { name, role, sees: sight }: Caller,
  rule: Rule,
  request: object,
): Promise<void> {
  if (sight === null) return
  for (const [field, kind] of Object.entries(rule.names ?? {})) {
    const value = (request as Readonly<Record<string, unknown>>)[field]
    const texts = Array.isArray(value) ? (value as unknown[]) : [value]
    for (const text of texts)
      if (typeof text === 'string' && text !== '') {
        if (!(await isSeen(q, sight, kind, text))) throw unseen(kind, text)
        const foreign = rule.own && role === 'self-service' && (await requesterOf(q, text)) !== name
        if (foreign) throw notOwn(text)
      }
  }
}

async function isSeen(q: Queryable, sight: Sight, kind: NamedKind, text: string): Promise<boolean> {
  try {
    return await LOOKUPS[kind](q, sight, text)
  } catch (error) {
    // Also 'ambiguous-name': its hint lists names.
    if (error instanceof HoldfastError) return false
    throw error
  }
}

type Lookup = (q: Queryable, sight: Sight, text: string) => Promise<boolean>

const LOOKUPS: Readonly<Record<NamedKind, Lookup>> = {
  source: async (q, { sources }, text) => sources.includes(await resolveSource(q, text)),
  host: async (q, { hosts }, text) => hosts.includes(await resolveHost(q, text)),
  point: async (q, sight, text) => belongs(q, sight, 'point', await resolvePoint(q, text)),
  job: (q, sight, text) => belongs(q, sight, 'job', text),
  alert: (q, sight, text) => belongs(q, sight, 'alert', text),
  object: async (q, sight, text) => {
    for (const kind of ['point', 'source', 'host', 'job'] as const)
      if (await isSeen(q, sight, kind, text)) return true
    return false
  },
}

async function belongs(
  q: Queryable,
  { sources }: Sight,
  kind: ScopedKind,
  id: string,
): Promise<boolean> {
  const source = await dataSourceOf(q, kind, id)
  return source !== undefined && sources.includes(source)
}

function notOwn(job: string): HoldfastError {
  return new HoldfastError('permission-denied', `job ${job} was asked for by somebody else`, {
    hint: 'A self-service user cancels own jobs; ask an operator for this one.',
  })
}

const WORDS: Readonly<Record<NamedKind, string>> = {
  source: 'data source',
  point: 'recovery point',
  host: 'host',
  job: 'job',
  alert: 'alert',
  object: 'object',
}

function unseen(kind: NamedKind, text: string): HoldfastError {
  return new HoldfastError('not-found', `there is no ${WORDS[kind]} ${text}`, {
    hint: 'You see only what lies within your scope; name a data source as HOST/NAME.',
  })
}

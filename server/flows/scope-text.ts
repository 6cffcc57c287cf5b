import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from '../catalog/database.ts'
import { getGroup } from '../catalog/groups.ts'
import { resolveHost, resolveSource } from '../catalog/names.ts'
import { SCOPE_KINDS, type Scope, type ScopeKind } from '../catalog/scopes.ts'

/** `KIND:VALUE`, as people write it: names become ids. */
export async function parseScope(q: Queryable, text: string): Promise<Scope> {
  const at = text.indexOf(':')
  const kind = SCOPE_KINDS.find((known) => known === text.slice(0, at))
  const value = text.slice(at + 1)
  if (at < 1 || kind === undefined || value === '')
    throw new HoldfastError('invalid-argument', `${JSON.stringify(text)} is no scope`, {
      hint: `KIND:VALUE, where KIND is one of ${SCOPE_KINDS.join(', ')}; such as source:alpha/web.raw`,
    })
  return { kind, value: await RESOLVE[kind](q, value) }
}

const RESOLVE: Readonly<Record<ScopeKind, (q: Queryable, text: string) => Promise<string>>> = {
  source: resolveSource,
  host: resolveHost,
  group: async (q, name) => (await getGroup(q, name)).id,
  owner: async (_, text) => text,
  tenant: async (_, text) => text,
}

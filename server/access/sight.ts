import type { Queryable } from '../catalog/database.ts'
import { scopesOf, type OperatorRow } from '../catalog/operators.ts'
import { visibleWithin, type Scope } from '../catalog/scopes.ts'
import type { Sight } from './decide.ts'

/** What an operator sees now: looked up with each call, so that a change counts at once. */
export async function sightOf(q: Queryable, operator: OperatorRow): Promise<Sight | null> {
  const given = await scopesOf(q, operator.id)
  const scopes = given.length > 0 ? given : usualScopes(operator)
  return scopes === null ? null : visibleWithin(q, scopes)
}

/** Without a scope of their own, users of the self-service see what is theirs. */
function usualScopes({ role, name }: OperatorRow): readonly Scope[] | null {
  return role === 'self-service' ? [{ kind: 'owner', value: name }] : null
}

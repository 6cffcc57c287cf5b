import type { Queryable } from '../catalog/database.ts'
import { requirePermitted, type Caller } from './decide.ts'
import type { Rule } from './methods.ts'
import { requireWithinReach } from './reach.ts'

/** The whole question, for every way in: role, scope, and what the request names. */
export async function requireAllowed(
  q: Queryable,
  caller: Caller,
  method: string,
  request: object,
): Promise<Rule> {
  const rule = requirePermitted(caller, method, request)
  await requireWithinReach(q, caller, rule, request)
  return rule
}

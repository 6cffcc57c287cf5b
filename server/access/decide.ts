import { HoldfastError } from '../../core/model/error.ts'
import type { Role } from '../../core/model/role.ts'
import { ruleOf, type Rule } from './methods.ts'

/** Which data sources, and which hosts with some of them, a caller sees. Null: everything. */
export interface Sight {
  readonly sources: readonly string[]
  readonly hosts: readonly string[]
}

/** Who calls: what events and the audit log are signed with. */
export interface Caller {
  readonly name: string
  readonly role: Role
  /** Address that the call came from. */
  readonly from: string
  readonly sees: Sight | null
}

/**
 * May this role, with or without a scope, call this method with this request? Throws
 * 'permission-denied' when not. Whether what the request names lies within the scope is looked up
 * afterwards (reach.ts): that needs the catalog.
 */
export function requirePermitted(caller: Caller, method: string, request: object): Rule {
  const rule = ruleOf(method)
  if (rule === undefined || !rule.roles.includes(caller.role))
    throw denied(caller, method, `the role ${caller.role} does not include ${method}`)
  if (caller.sees !== null && rule.scoped === 'no')
    throw denied(
      caller,
      method,
      `${method} is about the whole server, and ${caller.name} has a scope`,
    )
  const why =
    caller.role === 'self-service'
      ? rule.selfService?.(request as Readonly<Record<string, unknown>>)
      : undefined
  if (why !== undefined) throw denied(caller, method, why)
  return rule
}

function denied(caller: Caller, method: string, why: string): HoldfastError {
  const able = ruleOf(method)?.roles ?? []
  const hint =
    able.length === 0
      ? 'Nobody may call this.'
      : `Ask somebody with the role ${able.join(' or ')}; \`holdfast operator list\` shows who has which.`
  return new HoldfastError('permission-denied', `operator ${caller.name} may not do this: ${why}`, {
    hint,
  })
}

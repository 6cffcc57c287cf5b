import { createHash } from 'node:crypto'
import { HoldfastError } from '../../core/model/error.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  bindIdentity,
  findIdentified,
  isNameKnown,
  setRole,
  type Identity,
} from '../catalog/identities.ts'
import { createOperator, replaceScopes, type OperatorRow } from '../catalog/operators.ts'
import type { Scope } from '../catalog/scopes.ts'
import { OPERATOR_NAME } from '../flows/operator-changes.ts'
import { parseScope } from '../flows/scope-text.ts'
import { claimOf, type Claims } from './role-of.ts'
import type { RoleRule } from './settings.ts'

interface Deps {
  readonly database: Database
  readonly random: Random
}

/**
 * The operator that this identity is, in the role that its claims give now; made at the first
 * sign-in. Throws 'credential-refused' for one who was removed, and for a name that is another's:
 * what a provider calls somebody never makes them somebody who was here before.
 */
export async function operatorOf(
  { database, random }: Deps,
  identity: Identity,
  name: string,
  rule: RoleRule,
): Promise<OperatorRow> {
  return database.tx(async (q) => {
    const scopes: Scope[] = []
    for (const text of rule.scopes) scopes.push(await parseScope(q, text))
    const known = await findIdentified(q, identity)
    if (known?.isRemoved) throw removed(known.name)
    if (!known) return create(q, random, identity, { name, role: rule.role, scopes })
    await replaceScopes(q, known.id, scopes)
    if (known.role !== rule.role) await changeRole(q, known, rule)
    return { id: known.id, name: known.name, role: rule.role }
  })
}

async function create(
  q: Queryable,
  random: Random,
  identity: Identity,
  wish: {
    readonly name: string
    readonly role: RoleRule['role']
    readonly scopes: readonly Scope[]
  },
): Promise<OperatorRow> {
  const { name, role } = wish
  if (await isNameKnown(q, name)) throw taken(name)
  const id = await createOperator(q, random, wish)
  await bindIdentity(q, identity, id)
  await recordEvent(q, {
    ...{ kind: 'operator-added', about: id, actor: name },
    message: `operator ${name} came through ${identity.issuer} as ${role}`,
  })
  return { id, name, role }
}

async function changeRole(q: Queryable, { id, name, role }: OperatorRow, rule: RoleRule) {
  await setRole(q, id, rule.role)
  await recordEvent(q, {
    ...{ kind: 'operator-role', about: id, actor: name },
    message: `operator ${name} was ${role} and is ${rule.role} now, as the provider says`,
  })
}

/** What the provider calls them where that can be an operator's name; else one made of who they are. */
export function nameOf(claims: Claims, nameClaim: string, identity: Identity): string {
  const said = claimOf(claims, nameClaim)
  if (typeof said === 'string' && OPERATOR_NAME.test(said)) return said
  const { issuer, subject } = identity
  return `openid-${createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 16)}`
}

function removed(name: string): HoldfastError {
  return new HoldfastError('credential-refused', `operator ${name} was removed`, {
    hint: `an admin lets them in again: holdfast operator add ${name}`,
  })
}

function taken(name: string): HoldfastError {
  return new HoldfastError('credential-refused', `there is another operator ${name} already`, {
    hint: 'who was made here signs in with a password or a token; nameClaim in openid.json can name another claim',
  })
}

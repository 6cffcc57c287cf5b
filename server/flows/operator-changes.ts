import { HoldfastError } from '../../core/model/error.ts'
import type { Role } from '../../core/model/role.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  addOperatorToken,
  createOperator,
  removeOperatorRow,
  revokeOperatorTokens,
  setPassword,
  type NewToken,
} from '../catalog/operators.ts'
import { getOperator, type OperatorView } from '../catalog/operators-view.ts'
import { parseScope } from './scope-text.ts'

/** Kept good at each start of the server, for whoever may read its data folder. */
export const SERVERS_OWN = 'admin'
export const OPERATOR_NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/i
const LONGEST_TTL_SECONDS = 10 * 366 * 86_400

interface Deps {
  readonly database: Database
  readonly random: Random
}

export async function addOperator(
  { database, random }: Deps,
  wish: { readonly name: string; readonly role: Role; readonly scopes: readonly string[] },
  by: string,
): Promise<void> {
  const { name, role } = wish
  if (!OPERATOR_NAME.test(name))
    throw new HoldfastError(
      'invalid-argument',
      `${JSON.stringify(name)} cannot be an operator’s name`,
      {
        hint: 'Letters, digits and . _ @ - , 64 at most.',
      },
    )
  await database.tx(async (q) => {
    const scopes = []
    for (const text of wish.scopes) scopes.push(await parseScope(q, text))
    const id = await createOperator(q, random, { name, role, scopes })
    const limit = wish.scopes.length > 0 ? `, limited to ${wish.scopes.join(', ')}` : ''
    await tell(q, 'operator-added', id, `operator ${name} was added as ${role}${limit}`, by)
  })
}

/** From the next moment on; what they have open is cut within seconds. */
export async function removeOperator(
  database: Database,
  name: string,
  by: string,
): Promise<OperatorView> {
  if (name === SERVERS_OWN)
    throw new HoldfastError('invalid-argument', `operator ${name} is the server's own`, {
      hint: 'It belongs to whoever may read operator.json in the data folder; `operator token admin --replace` makes the old token worthless.',
    })
  return database.tx(async (q) => {
    const operator = await getOperator(q, name)
    await removeOperatorRow(q, operator.id)
    await revokeOperatorTokens(q, operator.id)
    await tell(q, 'operator-removed', operator.id, `operator ${name} was removed`, by)
    return operator
  })
}

export async function giveToken(
  { database, random }: Deps,
  wish: { readonly name: string; readonly ttlSeconds: number; readonly replace: boolean },
  by: string,
): Promise<NewToken> {
  const { name, ttlSeconds, replace } = wish
  if (!(ttlSeconds >= 0 && ttlSeconds <= LONGEST_TTL_SECONDS))
    throw new HoldfastError('invalid-argument', `a token cannot live ${ttlSeconds} s`)
  return database.tx(async (q) => {
    const { id } = await getOperator(q, name)
    if (replace) await revokeOperatorTokens(q, id)
    const given = await addOperatorToken(q, random, id, ttlSeconds || undefined)
    const until = given.expiresAt === null ? '' : `, good until ${given.expiresAt}`
    await tell(q, 'operator-token', id, `operator ${name} got a token${until}`, by)
    return given
  })
}

export async function takeTokens(database: Database, name: string, by: string): Promise<void> {
  await database.tx(async (q) => {
    const { id } = await getOperator(q, name)
    await revokeOperatorTokens(q, id)
    await tell(q, 'operator-tokens-revoked', id, `all tokens of operator ${name} were revoked`, by)
  })
}

/** `stored` is how access/password.ts writes it; null: none any more. */
export async function changePassword(
  database: Database,
  name: string,
  stored: string | null,
  by: string,
): Promise<void> {
  await database.tx(async (q) => {
    const { id } = await getOperator(q, name)
    await setPassword(q, id, stored)
    const what = stored === null ? 'has no password any more' : 'has a new password'
    await tell(q, 'operator-password', id, `operator ${name} ${what}`, by)
  })
}

function tell(q: Queryable, kind: string, about: string, message: string, actor: string) {
  return recordEvent(q, { kind, about, message, actor })
}

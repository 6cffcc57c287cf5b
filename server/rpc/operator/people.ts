import { HoldfastError } from '../../../core/model/error.ts'
import { isRole, ROLES, type Role } from '../../../core/model/role.ts'
import { hashPassword } from '../../access/password.ts'
import { listAudit } from '../../catalog/audit.ts'
import { getOperator, listOperators, type OperatorView } from '../../catalog/operators-view.ts'
import {
  addOperator,
  changePassword,
  giveToken,
  removeOperator,
  takeTokens,
} from '../../flows/operator-changes.ts'
import { verifyAudit } from '../../flows/verify-audit.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requireText, requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'

type PeopleHandlers = Pick<
  OperatorHandlers,
  | 'listOperators'
  | 'addOperator'
  | 'removeOperator'
  | 'createOperatorToken'
  | 'revokeOperatorTokens'
  | 'setOperatorPassword'
  | 'listAudit'
  | 'verifyAudit'
>

/** Who may do what, and who did what. */
export function peopleHandlers(deps: OperatorDeps): PeopleHandlers {
  return { ...operators(deps), ...auditLog(deps) }
}

function operators(deps: OperatorDeps) {
  const { database, random, authority, reach, serverId } = deps
  const shown = async (name: string) => toInfo(await getOperator(database, name))
  return {
    listOperators: async () => ({ operators: (await listOperators(database)).map(toInfo) }),
    addOperator: async ({ name, role, scopes }, caller) => {
      const wish = { name: requireText('the name', name), role: requireRole(role), scopes }
      await addOperator(deps, wish, caller.name)
      return shown(name)
    },
    removeOperator: async ({ name }, caller) =>
      toInfo(await removeOperator(database, name, caller.name)),
    createOperatorToken: async ({ name, ttlSeconds, replace }, caller) => {
      const { token, expiresAt } = await giveToken(deps, { name, ttlSeconds, replace }, caller.name)
      return {
        ...{ name, token, authority: authority.certificate, serverId },
        ...{ addresses: [...reach().operators], ...withoutAbsent({ expiresAt }) },
      }
    },
    revokeOperatorTokens: async ({ name }, caller) => {
      await takeTokens(database, name, caller.name)
      return shown(name)
    },
    setOperatorPassword: async ({ name, password }, caller) => {
      const stored = password === '' ? null : await hashPassword(random, password)
      await changePassword(database, name, stored, caller.name)
      return shown(name)
    },
  } satisfies Partial<OperatorHandlers>
}

function auditLog({ database, store }: OperatorDeps) {
  return {
    listAudit: async ({ actor, outcome, since, limit, before }) => {
      const entries = await listAudit(database, {
        actor: actor || undefined,
        outcome: outcome ? requireOneOf('an outcome', outcome, OUTCOMES) : undefined,
        since: requireTime('since', since),
        ...{ limit, before },
      })
      return { entries: entries.map((entry) => withoutAbsent(entry)) }
    },
    verifyAudit: async () => {
      const { head, problems, notes, ...counts } = await verifyAudit(database, store)
      return {
        ...counts,
        ...{ head: head.id, hash: head.hash.toString('hex') },
        ...{ problems: [...problems], notes: [...notes] },
      }
    },
  } satisfies Partial<OperatorHandlers>
}

const OUTCOMES = ['done', 'failed', 'refused'] as const

function requireRole(text: string): Role {
  if (isRole(text)) return text
  throw new HoldfastError('invalid-argument', `${JSON.stringify(text)} is no role`, {
    hint: `One of ${ROLES.join(', ')}.`,
  })
}

function toInfo(operator: OperatorView) {
  const { scopes, ...rest } = operator
  return { ...withoutAbsent(rest), scopes: [...scopes] }
}

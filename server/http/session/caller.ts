import type { FastifyRequest } from 'fastify'
import { HoldfastError } from '../../../core/model/error.ts'
import { sightOf } from '../../access/sight.ts'
import type { Database } from '../../catalog/database.ts'
import { findOperatorByToken } from '../../catalog/operators.ts'
import { useSession, type Session } from '../../catalog/sessions.ts'
import type { Caller } from '../../rpc/operator-handlers.ts'

export const SESSION_COOKIE = 'holdfast-session'
export const CSRF_HEADER = 'x-holdfast-csrf'

/**
 * Who asks: an operator's token, or a session of the console. A browser sends its cookie with
 * whatever any page makes it send, so a change needs the session's second secret, which only our
 * own page knows.
 */
export async function callerOf(database: Database, request: FastifyRequest): Promise<Caller> {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) {
    const { operator: id, name, role } = await sessionOf(database, request)
    return { name, role, from: request.ip, sees: await sightOf(database, { id, name, role }) }
  }
  const operator = await findOperatorByToken(database, token)
  if (!operator) throw refused('the server does not accept this token')
  const { name, role } = operator
  return { name, role, from: request.ip, sees: await sightOf(database, operator) }
}

export async function sessionOf(database: Database, request: FastifyRequest): Promise<Session> {
  const secret = request.cookies[SESSION_COOKIE]
  if (secret === undefined)
    throw new HoldfastError('credential-missing', 'this needs a session or an operator’s token', {
      hint: 'sign in, or send the token as `Authorization: Bearer …`',
    })
  const session = await useSession(database, secret)
  if (!session) throw refused('the session has ended')
  const changes = request.method !== 'GET' && request.method !== 'HEAD'
  if (changes && request.headers[CSRF_HEADER] !== session.csrf)
    throw new HoldfastError('permission-denied', 'the request does not come from the console', {
      hint: `a session's changes carry its own secret in ${CSRF_HEADER}`,
    })
  return session
}

function refused(message: string): HoldfastError {
  return new HoldfastError('credential-refused', message, { hint: 'sign in again' })
}

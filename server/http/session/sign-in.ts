import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { HoldfastError } from '../../../core/model/error.ts'
import { audit } from '../../catalog/audit.ts'
import type { Database } from '../../catalog/database.ts'
import { recordEvent } from '../../catalog/events.ts'
import { findOperatorByToken, findPassword, type OperatorRow } from '../../catalog/operators.ts'
import { createSession, endSession, useSignInLink } from '../../catalog/sessions.ts'
import { isPassword } from '../../access/password.ts'
import { callableBy } from '../../access/callable.ts'
import { sightOf } from '../../access/sight.ts'
import type { OpenIdDeps } from '../../openid/sign-in.ts'
import { SESSION_COOKIE, sessionOf } from './caller.ts'
import { GUESSES } from './guesses.ts'
import { openIdRoutes, returned } from './openid.ts'

export interface SignInDeps extends OpenIdDeps {
  /** Cookies travel over TLS only; false where the console is plain on loopback. */
  readonly secure: boolean
}

const credential = z.union([
  z.strictObject({ token: z.string().min(1).max(200) }),
  z.strictObject({ link: z.string().min(1).max(200) }),
  // The query that a provider sent the browser back with.
  z.strictObject({ openid: z.string().max(8000) }),
  z.strictObject({ name: z.string().min(1).max(200), password: z.string().min(1).max(1000) }),
])

/** A session begins with one of its credentials, is looked at, and ends. */
export function signInRoutes(app: FastifyInstance, deps: SignInDeps): void {
  const { database } = deps
  app.post('/session', { config: GUESSES }, async (request, reply) => {
    const given = credential.safeParse(request.body)
    if (!given.success)
      throw new HoldfastError(
        'invalid-argument',
        'sign in with a name and password, a token, or a link',
      )
    const operator =
      'openid' in given.data
        ? await returned(deps, given.data.openid, request, reply)
        : await operatorOf(database, given.data)
    if (!operator) throw await refusal(database, request.ip)
    return begin(deps, operator, request.ip, reply)
  })
  openIdRoutes(app, deps)
  app.get('/session', async (request) => {
    const { operator: id, name, role, csrf, expiresAt } = await sessionOf(database, request)
    return { ...(await shownOf(database, { id, name, role })), csrf, expiresAt }
  })
  app.delete('/session', async (request, reply) => {
    await sessionOf(database, request)
    await endSession(database, request.cookies[SESSION_COOKIE] ?? '')
    reply.clearCookie(SESSION_COOKIE, { path: '/' })
    return {}
  })
}

async function operatorOf(
  database: Database,
  given: Exclude<z.infer<typeof credential>, { openid: string }>,
): Promise<OperatorRow | undefined> {
  if ('token' in given) return findOperatorByToken(database, given.token)
  if ('link' in given) return useSignInLink(database, given.link)
  const operator = await findPassword(database, given.name)
  const isRight = await isPassword(operator?.password ?? null, given.password)
  return isRight ? operator : undefined
}

async function begin(
  { database, random, secure }: SignInDeps,
  operator: OperatorRow,
  peer: string,
  reply: FastifyReply,
) {
  const { id, name } = operator
  const { secret, csrf, expiresAt } = await createSession(database, random, { operator: id, peer })
  await recordEvent(database, {
    ...{ kind: 'signed-in', about: name, actor: name },
    message: `signed in to the console from ${peer}`,
  })
  await audit(database, {
    ...{ actor: name, peer, method: 'SignIn', object: 'console', outcome: 'done' },
    ...{ code: null, notes: '{}' },
  })
  reply.setCookie(SESSION_COOKIE, secret, {
    ...{ path: '/', httpOnly: true, sameSite: 'strict', secure },
    expires: new Date(expiresAt),
  })
  return { ...(await shownOf(database, operator)), csrf, expiresAt }
}

/** Who has signed in, and which calls they may make: the console offers no others. */
async function shownOf(database: Database, operator: OperatorRow) {
  const { name, role } = operator
  const sees = await sightOf(database, operator)
  return { operator: { name, role }, may: callableBy({ role, sees }) }
}

async function refusal(database: Database, peer: string): Promise<HoldfastError> {
  await audit(database, {
    ...{ actor: '', peer, method: 'SignIn', object: 'console', outcome: 'refused' },
    ...{ code: 'credential-refused', notes: '{}' },
  })
  await recordEvent(database, {
    ...{ kind: 'sign-in-refused', about: 'console' },
    message: `somebody at ${peer} was refused`,
  })
  return new HoldfastError('credential-refused', 'the server does not accept this', {
    hint: 'a link is good once, for a quarter of an hour; tokens end when an operator is removed',
  })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ERROR_CODES, toHoldfastError } from '../../../core/model/error.ts'
import { audit } from '../../catalog/audit.ts'
import type { Database } from '../../catalog/database.ts'
import { recordEvent } from '../../catalog/events.ts'
import type { OperatorRow } from '../../catalog/operators.ts'
import { readOpenIdSettings } from '../../openid/settings.ts'
import { beginSignIn, finishSignIn, type Known, type OpenIdDeps } from '../../openid/sign-in.ts'
import { GUESSES } from './guesses.ts'

interface Deps extends OpenIdDeps {
  readonly secure: boolean
}

/** What ties the provider's answer to this browser, while somebody is at the provider. */
const ATTEMPT_COOKIE = 'holdfast-sign-in'
const ATTEMPT_PATH = '/api/v1/session'

/** The way to an OpenID provider. The way back is a page of the console, which asks for a session. */
export function openIdRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/session/ways', async () => {
    // Whoever set it up wrongly is told by the server's log and by doctor, not by strangers' browsers.
    const settings = await readOpenIdSettings(deps.openIdFile).catch(() => undefined)
    return { openid: settings ? { label: settings.label } : null }
  })
  app.post('/session/openid', { config: GUESSES }, async (_, reply) => {
    const { url, secret } = await beginSignIn(deps)
    const { secure } = deps
    reply.setCookie(ATTEMPT_COOKIE, secret, {
      ...{ path: ATTEMPT_PATH, httpOnly: true, sameSite: 'strict', secure, maxAge: 600 },
    })
    return { url }
  })
}

/** Who came back from the provider. Whoever is refused is in the audit log, with what is known of them. */
export async function returned(
  deps: Deps,
  query: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<OperatorRow> {
  let known: Known = {}
  reply.clearCookie(ATTEMPT_COOKIE, { path: ATTEMPT_PATH })
  try {
    const secret = request.cookies[ATTEMPT_COOKIE]
    return await finishSignIn(deps, { secret, query }, (is) => (known = is))
  } catch (error) {
    await recordRefusal(deps.database, request.ip, known, error)
    throw error
  }
}

async function recordRefusal(
  database: Database,
  peer: string,
  { name, issuer, subject }: Known,
  error: unknown,
): Promise<void> {
  const { code } = toHoldfastError(error)
  await audit(database, {
    ...{ actor: name ?? '', peer, method: 'SignIn', object: 'console', code },
    outcome: ERROR_CODES[code] === 'permanent' ? 'refused' : 'failed',
    notes: JSON.stringify({ issuer, subject }),
  })
  await recordEvent(database, {
    ...{ kind: 'sign-in-refused', about: 'console' },
    message: `${name ?? 'somebody'} at ${peer} was refused: ${code}`,
  })
}

import { HoldfastError } from '../../core/model/error.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Database } from '../catalog/database.ts'
import { beginAttempt, endAttempt, type Identity } from '../catalog/identities.ts'
import type { OperatorRow } from '../catalog/operators.ts'
import { attemptOf } from './attempt.ts'
import { nameOf, operatorOf } from './operator-of.ts'
import { ruleFor } from './role-of.ts'
import { readOpenIdSettings, type OpenIdSettings } from './settings.ts'

/*
 * Signing in through an OpenID provider:
 * 1. The browser gets a secret, and an address of the provider that carries what follows from it.
 * 2. The provider sends it back with a code. The secret's attempt ends here, whatever comes of it.
 * 3. The code becomes claims, the claims a role, the identity an operator.
 */

export interface OpenIdDeps {
  readonly database: Database
  readonly random: Random
  readonly openIdFile: string
}

/** Who stands behind an attempt, as far as it is known: for the audit log. */
export type Known = Partial<Identity & { readonly name: string }>

export async function beginSignIn(deps: OpenIdDeps): Promise<{ url: string; secret: string }> {
  const settings = await settingsOf(deps)
  const secret = deps.random.bytes(32).toString('base64url')
  const { authorizationUrl } = await provider()
  const url = await authorizationUrl(settings, attemptOf(secret))
  await beginAttempt(deps.database, secret)
  return { url, secret }
}

/** `query` is what the provider sent the browser back with; `know` is told who it is, once known. */
export async function finishSignIn(
  deps: OpenIdDeps,
  { secret, query }: { readonly secret: string | undefined; readonly query: string },
  know: (known: Known) => void,
): Promise<OperatorRow> {
  const settings = await settingsOf(deps)
  if (secret === undefined || !(await endAttempt(deps.database, secret))) throw notBegun()
  const { claimsFor } = await provider()
  const claims = await claimsFor(settings, attemptOf(secret), query)
  const identity = { issuer: claims.iss, subject: claims.sub }
  const name = nameOf(claims, settings.nameClaim, identity)
  know({ ...identity, name })
  const rule = ruleFor(claims, settings)
  if (!rule) throw noRole(name, settings)
  return operatorOf(deps, identity, name, rule)
}

/** What speaks to it is read by the first who signs in so. */
const provider = () => import('./provider.ts')

async function settingsOf({ openIdFile }: OpenIdDeps): Promise<OpenIdSettings> {
  const settings = await readOpenIdSettings(openIdFile)
  if (settings) return settings
  throw new HoldfastError('invalid-argument', 'this server knows no OpenID provider', {
    hint: 'docs/configuration.md has how to name one',
  })
}

function notBegun(): HoldfastError {
  return new HoldfastError(
    'sign-in-failed',
    'this sign-in did not begin in this browser, or is over',
    {
      hint: 'begin again from the sign-in page; an attempt is good once, for ten minutes',
    },
  )
}

function noRole(name: string, { roleClaim }: OpenIdSettings): HoldfastError {
  return new HoldfastError('role-missing', `nothing gives ${name} a role here`, {
    hint: `an admin decides which ${roleClaim} have one: roles in openid.json`,
  })
}

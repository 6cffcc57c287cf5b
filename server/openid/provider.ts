import * as client from 'openid-client'
import { HoldfastError } from '../../core/model/error.ts'
import type { Attempt } from './attempt.ts'
import { claimOf, type Claims } from './role-of.ts'
import type { OpenIdSettings } from './settings.ts'

/** One answer of the provider; somebody waits at the sign-in page. */
const TIMEOUT_SECONDS = 10

/** The provider as it describes itself now: nothing of it is kept, so a change counts at once. */
export async function discover(settings: OpenIdSettings): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret } = settings
  const authentication = clientSecret === undefined ? client.None() : undefined
  try {
    return await client.discovery(issuer, clientId, clientSecret, authentication, {
      timeout: TIMEOUT_SECONDS,
      // Settings allow it on loopback only.
      execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    })
  } catch (cause) {
    throw unreachable(settings, cause)
  }
}

/** Where a browser goes to sign in. */
export async function authorizationUrl(
  settings: OpenIdSettings,
  { state, nonce, verifier }: Attempt,
): Promise<string> {
  const provider = await discover(settings)
  const url = client.buildAuthorizationUrl(provider, {
    ...{ redirect_uri: returnUrl(settings).href, state, nonce },
    scope: ['openid', ...settings.scopes].join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return url.href
}

/**
 * What the provider says of who came back with this query: its ID token, and where that lacks the
 * claim of the role, its user info too. Throws 'sign-in-failed' when the answer is not one to this
 * attempt, or not the provider's.
 */
export async function claimsFor(
  settings: OpenIdSettings,
  { state, nonce, verifier }: Attempt,
  query: string,
): Promise<Claims & { readonly iss: string; readonly sub: string }> {
  const provider = await discover(settings)
  const returned = returnUrl(settings)
  returned.search = query
  try {
    const tokens = await client.authorizationCodeGrant(provider, returned, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new Error('there is no ID token')
    const isWhole = claimOf(claims, settings.roleClaim) !== undefined
    if (isWhole || provider.serverMetadata().userinfo_endpoint === undefined) return claims
    const info = await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
    return { ...info, ...claims }
  } catch (cause) {
    throw isNoAnswer(cause) ? unreachable(settings, cause) : failed(settings, cause)
  }
}

/** The page of the console that the provider sends people back to. */
export function returnUrl({ console }: Pick<OpenIdSettings, 'console'>): URL {
  return new URL('sign-in', console)
}

/** fetch says so with a TypeError, whatever the reason; the library wraps it. */
function isNoAnswer(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isFetch = error instanceof TypeError && error.message === 'fetch failed'
  return isFetch || error.name === 'TimeoutError' || isNoAnswer(error.cause)
}

function unreachable({ issuer }: OpenIdSettings, cause: unknown): HoldfastError {
  return new HoldfastError(
    'provider-unreachable',
    `the OpenID provider ${issuer.href} does not answer as one: ${deepest(cause)}`,
    { hint: 'sign in with a password or a token meanwhile; an admin checks the issuer', cause },
  )
}

function failed({ issuer }: OpenIdSettings, cause: unknown): HoldfastError {
  return new HoldfastError(
    'sign-in-failed',
    `${issuer.href} did not sign you in: ${reasonOf(cause)}`,
    { hint: 'begin again from the sign-in page; each answer of the provider is good once', cause },
  )
}

/** A provider's own word for it, never its free text: that came through the browser. */
function reasonOf(cause: unknown): string {
  const said = (cause as { error?: unknown }).error
  if (typeof said === 'string' && /^[a-z_]{1,60}$/.test(said)) return said
  return deepest(cause)
}

function deepest(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? deepest(cause) : message
}

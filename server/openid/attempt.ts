import { createHmac } from 'node:crypto'

/**
 * What ties an answer of the provider to the browser that asked. All of it follows from one secret,
 * which that browser alone has: the catalog keeps its digest, so a copy of it signs nobody in.
 */
export interface Attempt {
  readonly state: string
  readonly nonce: string
  /** PKCE's; only the server and the provider see it. */
  readonly verifier: string
}

export function attemptOf(secret: string): Attempt {
  const derive = (use: string) => createHmac('sha256', secret).update(use).digest('base64url')
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') }
}

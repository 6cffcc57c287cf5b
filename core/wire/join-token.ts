import { HoldfastError } from '../model/error.ts'

/** What a join token carries. The secret is good for one enrolment, for a short time. */
export interface JoinToken {
  /** Of the listener for operators and enrolment. */
  readonly addresses: readonly string[]
  /** SHA-256 of the authority's certificate (DER), hex: checked before the secret is sent. */
  readonly pin: string
  readonly secret: string
}

const PREFIX = 'holdfast1.'

export function formatJoinToken(token: JoinToken): string {
  return PREFIX + Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** Throws 'token-unknown' for anything that is not one; the text itself is never repeated. */
export function parseJoinToken(text: string): JoinToken {
  try {
    if (!text.startsWith(PREFIX)) throw new TypeError(`it does not begin with ${PREFIX}`)
    const json = Buffer.from(text.slice(PREFIX.length).trim(), 'base64url').toString()
    return checked(JSON.parse(json) as Partial<JoinToken>)
  } catch (cause) {
    throw new HoldfastError('token-unknown', 'this is no join token, or not a whole one', {
      hint: 'copy all of what `holdfast token create` printed',
      cause,
    })
  }
}

function checked({ addresses, pin, secret }: Partial<JoinToken>): JoinToken {
  if (!Array.isArray(addresses) || !addresses.every((address) => typeof address === 'string'))
    throw new TypeError('no addresses')
  if (typeof pin !== 'string' || !/^[0-9a-f]{64}$/.test(pin)) throw new TypeError('no pin')
  if (typeof secret !== 'string' || secret.length < 22) throw new TypeError('no secret')
  return { addresses, pin, secret }
}

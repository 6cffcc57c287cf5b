import { randomBytes } from 'node:crypto'

/** Randomness, so that tests can plan it. */
export interface Random {
  bytes(count: number): Buffer
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) }

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base 32: no i, l, o, u

/** A name that a person can read out: `prefix-` and `length` characters of 5 random bits each. */
export function randomId(random: Random, prefix: string, length = 12): string {
  const text = Array.from(random.bytes(length), (byte) => ALPHABET[byte & 31]).join('')
  return `${prefix}-${text}`
}

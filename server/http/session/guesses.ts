/** Guesses at secrets that an address has in a minute. */
export const GUESSES = { rateLimit: { max: 10, timeWindow: '1 minute' } }

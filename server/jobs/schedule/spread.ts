import { createHash } from 'node:crypto'

const SPREAD_MS = 10 * 60_000

/** How long a member waits to catch up after a pause: the same each time, different for each. */
export function spreadOf(dataSource: string): number {
  const digest = createHash('sha256').update(dataSource).digest()
  return Math.floor((digest.readUInt32LE(0) / 2 ** 32) * SPREAD_MS)
}

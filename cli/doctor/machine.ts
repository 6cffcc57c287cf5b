import * as fs from 'node:fs/promises'
import type { Clock } from '../../core/runtime/clock.ts'
import { advice, fine, type Finding, lacking, reasonOf } from './finding.ts'

// No release is older. A clock before it was never set: certificates would not be valid yet.
const EARLIEST_MS = Date.parse('2026-01-01T00:00:00Z')

export function checkClock(clock: Clock): Finding {
  const nowMs = clock.now()
  const now = new Date(nowMs).toISOString()
  if (nowMs >= EARLIEST_MS) return fine('clock', now)
  return lacking('clock', `it says ${now}`, 'set it, or let an NTP service do so')
}

/** An image that somebody has open is noticed by /proc, of other users' processes only as root. */
export async function checkProc(): Promise<Finding> {
  try {
    await fs.readdir('/proc/self/fd')
  } catch (error) {
    return lacking('proc', reasonOf(error), 'mount /proc')
  }
  try {
    await fs.readdir('/proc/1/fd')
    return fine('proc', 'open files of all processes can be seen')
  } catch (error) {
    const hint = 'run the agent as root where other users have images open'
    return advice('proc', `other users' open files cannot be seen: ${reasonOf(error)}`, hint)
  }
}

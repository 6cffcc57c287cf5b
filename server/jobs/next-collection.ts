import { Cron } from 'croner'
import type { Clock } from '../../core/runtime/clock.ts'
import type { ServerMode } from '../flows/server-mode.ts'
import { COLLECTION_AT } from './schedule/own-work.ts'

/** ISO 8601; null where nothing is collected. */
export function nextCollection(clock: Clock, mode: ServerMode): string | null {
  if (mode.name !== 'normal') return null
  const next = new Cron(COLLECTION_AT, { paused: true }).nextRun(new Date(clock.now()))
  return next?.toISOString() ?? null
}

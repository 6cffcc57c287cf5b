import { HoldfastError } from '../../core/model/error.ts'
import type { HostState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { isoTime } from './time.ts'

/** A host as people and scripts see it. */
export interface HostView {
  readonly id: string
  readonly name: string
  readonly state: HostState
  readonly version: string | null
  readonly enrolledAt: string
  readonly lastSeenAt: string | null
  readonly certificateExpiresAt: string | null
  /** 0 = no limit. */
  readonly bytesPerSecond: number
  readonly restoreRoots: readonly string[]
  readonly warnings: readonly string[]
  readonly sources: number
}

/** An agent is heard of more often than this, so that its silence says that it is gone. */
export const SILENCE_SECONDS = 45

/** SQL for the state of host `h`. */
export const HOST_STATE = `CASE
  WHEN h.revoked_at IS NOT NULL THEN 'revoked'
  WHEN h.incompatible_reason IS NOT NULL THEN 'incompatible'
  WHEN h.session IS NOT NULL AND h.last_seen_at > now() - interval '${SILENCE_SECONDS} seconds' THEN 'online'
  ELSE 'unreachable' END`

interface HostRow extends Omit<HostView, 'enrolledAt' | 'lastSeenAt' | 'certificateExpiresAt'> {
  readonly enrolledAt: Date
  readonly lastSeenAt: Date | null
  readonly certificateExpiresAt: Date | null
  readonly incompatibleReason: string | null
}

/** By name: all hosts, or those with these ids. */
export async function listHosts(q: Queryable, ids?: readonly string[]): Promise<HostView[]> {
  const rows = await q.query<HostRow>(
    `SELECT h.id, h.name, ${HOST_STATE} AS state, h.version, h.enrolled_at AS "enrolledAt",
            h.last_seen_at AS "lastSeenAt", h.certificate_expires_at AS "certificateExpiresAt",
            h.bytes_per_second AS "bytesPerSecond", h.restore_roots AS "restoreRoots", h.warnings,
            h.incompatible_reason AS "incompatibleReason",
            (SELECT count(*)::int FROM data_source s WHERE s.host = h.id AND s.present) AS sources
       FROM host h WHERE $1::text[] IS NULL OR h.id = ANY ($1) ORDER BY h.name`,
    [ids ?? null],
  )
  return rows.map(({ incompatibleReason, ...row }) => ({
    ...row,
    enrolledAt: isoTime(row.enrolledAt),
    lastSeenAt: isoTime(row.lastSeenAt),
    certificateExpiresAt: isoTime(row.certificateExpiresAt),
    warnings: incompatibleReason === null ? row.warnings : [incompatibleReason, ...row.warnings],
  }))
}

export async function getHost(q: Queryable, id: string): Promise<HostView> {
  const [host] = await listHosts(q, [id])
  if (host) return host
  throw new HoldfastError('not-found', `there is no host ${id}`, {
    hint: '`holdfast host list` shows all.',
  })
}

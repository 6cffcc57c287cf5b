import type { HostState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { HOST_STATE } from './hosts-view.ts'

/** What may be wrong with a host that is not revoked. Seconds by the database's clock. */
export interface HostTroubles {
  readonly id: string
  readonly name: string
  readonly state: HostState
  readonly incompatibleReason: string | null
  readonly warnings: readonly string[]
  /** Since somebody heard of it. */
  readonly silentSeconds: number
  /** That its certificate is still good for; null: none is known. */
  readonly certificateSeconds: number | null
  /** A protection group has data sources of it. */
  readonly protects: boolean
}

export async function hostTroubles(q: Queryable): Promise<HostTroubles[]> {
  return q.query(
    `SELECT h.id, h.name, ${HOST_STATE} AS state, h.incompatible_reason AS "incompatibleReason",
            h.warnings,
            extract(epoch FROM now() - coalesce(h.last_seen_at, h.enrolled_at))::float8
              AS "silentSeconds",
            extract(epoch FROM h.certificate_expires_at - now())::float8 AS "certificateSeconds",
            EXISTS (SELECT FROM data_source s JOIN group_member m ON m.data_source = s.id
                     WHERE s.host = h.id) AS protects
       FROM host h WHERE h.revoked_at IS NULL ORDER BY h.name`,
  )
}

export interface ClockDifference {
  /** A host's id, or `database`. */
  readonly object: string
  readonly name: string
  /** Before the server's clock; negative: behind it. */
  readonly aheadSeconds: number
}

/** Of hosts as they last said so, and of the database now. */
export async function clockDifferences(q: Queryable, now: Date): Promise<ClockDifference[]> {
  return q.query(
    `SELECT h.id AS object, 'host ' || h.name AS name, h.clock_ahead_seconds AS "aheadSeconds"
       FROM host h WHERE h.revoked_at IS NULL AND h.clock_ahead_seconds IS NOT NULL
      UNION ALL
     SELECT 'database', 'the database', extract(epoch FROM clock_timestamp() - $1::timestamptz)::float8`,
    [now],
  )
}

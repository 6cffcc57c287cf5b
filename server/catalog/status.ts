import type { Queryable } from './database.ts'
import { HOST_STATE } from './hosts-view.ts'

/** How the whole is, in figures, and what is not well, a sentence each. */
export interface CatalogStatus {
  readonly databaseVersion: string
  readonly databaseBytes: number
  readonly hosts: { readonly online: number; readonly unreachable: number; readonly total: number }
  readonly sources: SourceCounts
  readonly problems: readonly string[]
}

export interface SourceCounts {
  /** Data sources that can be recovered. */
  readonly protected: number
  readonly unprotected: number
  /** Protected ones whose last transfer failed: a newer version was wanted and is not there. */
  readonly late: number
}

export async function readCatalogStatus(q: Queryable): Promise<CatalogStatus> {
  const [database] = await q.query<{ version: string; bytes: number }>(
    `SELECT current_setting('server_version') AS version,
            pg_database_size(current_database()) AS bytes`,
  )
  const hosts = await readHosts(q)
  const count = (state: string) => hosts.filter((host) => host.state === state).length
  return {
    databaseVersion: database?.version ?? '',
    databaseBytes: database?.bytes ?? 0,
    hosts: {
      online: count('online'),
      unreachable: count('unreachable'),
      total: hosts.length - count('revoked'),
    },
    sources: await countSources(q),
    problems: [
      ...hosts.filter(isUnwell).map(({ name, state }) => `host ${name} is ${state}`),
      ...(await replicaProblems(q)),
      ...(await damageProblems(q)),
    ],
  }
}

interface HostRow {
  readonly name: string
  readonly state: string
}

async function readHosts(q: Queryable): Promise<HostRow[]> {
  return q.query(`SELECT h.name, ${HOST_STATE} AS state FROM host h ORDER BY h.name`)
}

function isUnwell({ state }: HostRow): boolean {
  return state === 'unreachable' || state === 'incompatible'
}

// What was derived is no source of its own to protect. Where there are groups, what is in none is not
// protected, points by hand or not; a member without a point is late.
async function countSources(q: Queryable): Promise<SourceCounts> {
  const [row] = await q.query<SourceCounts>(
    `SELECT count(*) FILTER (WHERE has_point AND covered)::int AS protected,
            count(*) FILTER (WHERE present AND CASE WHEN grouped THEN NOT covered
                                                    ELSE NOT has_point END)::int AS unprotected,
            count(*) FILTER (WHERE has_point AND last_state = 'failed'
                                OR covered AND grouped AND NOT has_point)::int AS late
       FROM (
         SELECT s.present, grouped,
                NOT grouped OR EXISTS (SELECT FROM group_member m
                                        WHERE m.data_source = s.id) AS covered,
                EXISTS (SELECT FROM recovery_point p
                         WHERE p.data_source = s.id AND p.state <> 'deleted') AS has_point,
                (SELECT j.state FROM job j
                  WHERE j.data_source = s.id AND j.finished_at IS NOT NULL AND j.state <> 'cancelled'
                    AND j.kind IN ('initial-replication', 'synchronization', 'recovery-point',
                                   'consistency-check')
                  ORDER BY j.queued_at DESC LIMIT 1) AS last_state
           FROM data_source s, (SELECT EXISTS (SELECT FROM protection_group)) AS any_group (grouped)
          WHERE s.kind <> 'derived') AS source`,
  )
  return row ?? { protected: 0, unprotected: 0, late: 0 }
}

async function replicaProblems(q: Queryable): Promise<string[]> {
  const rows = await q.query<{ name: string; state: string; reason: string | null }>(
    `SELECT h.name || '/' || s.name AS name, s.replica_state AS state, s.replica_reason AS reason
       FROM data_source s JOIN host h ON h.id = s.host
      WHERE s.replica_state IN ('inconsistent', 'missing') ORDER BY 1`,
  )
  return rows.map(({ name, state, reason }) => {
    const why = reason === null ? '' : `: ${reason}`
    return `the replica of ${name} is ${state}${why}`
  })
}

async function damageProblems(q: Queryable): Promise<string[]> {
  const [chunks] = await q.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM damage
      WHERE NOT EXISTS (SELECT FROM healed_chunk h WHERE h.chunk = damage.chunk)`,
  )
  const [points] = await q.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM recovery_point WHERE state = 'damaged'`,
  )
  return [
    ...counted(chunks?.count ?? 0, 'stored chunk is damaged', 'stored chunks are damaged'),
    ...counted(points?.count ?? 0, 'recovery point is damaged', 'recovery points are damaged'),
  ]
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
}

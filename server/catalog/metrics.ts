import type { Queryable } from './database.ts'
import { HOST_STATE } from './hosts-view.ts'
import { countWaiting } from './notices.ts'

/** Figures of the catalog for whoever watches from outside. Ages are seconds by the database's clock. */
export interface CatalogFigures {
  readonly sources: readonly SourceFigures[]
  readonly jobs: readonly JobFigures[]
  readonly hosts: readonly Counted[]
  readonly alerts: readonly Counted[]
  /** Notices that wait, and of those the ones that could not be sent at once. */
  readonly notices: { readonly waiting: number; readonly failing: number }
  readonly damagedChunks: number
  /** Null: everything was re-read, or nothing is stored. */
  readonly unverifiedSeconds: number | null
  readonly storedBytes: number
  readonly databaseBytes: number
}

export interface SourceFigures {
  readonly source: string
  readonly replicaState: string
  readonly points: number
  /** Null: there is no good point. */
  readonly pointSeconds: number | null
}

/** Jobs of a kind: those that are not over, and those that ended within a day. */
export interface JobFigures {
  readonly kind: string
  readonly state: string
  readonly count: number
  readonly seconds: number
  readonly doneBytes: number
}

export interface Counted {
  readonly word: string
  readonly count: number
}

export async function readFigures(q: Queryable): Promise<CatalogFigures> {
  const [whole] = await q.query<{
    damagedChunks: number
    unverifiedSeconds: number | null
    storedBytes: number
    databaseBytes: number
  }>(
    `SELECT (SELECT count(*)::int FROM damage) AS "damagedChunks",
            (SELECT extract(epoch FROM now() - min(coalesce(verified_at, created_at)))::float8
               FROM pack WHERE state = 'sealed') AS "unverifiedSeconds",
            (SELECT coalesce(sum(bytes), 0)::int8 FROM pack WHERE state IN ('sealed', 'damaged'))
              AS "storedBytes",
            pg_database_size(current_database()) AS "databaseBytes"`,
  )
  return {
    sources: await readSources(q),
    jobs: await readJobs(q),
    hosts: await q.query(
      `SELECT ${HOST_STATE} AS word, count(*)::int AS count FROM host h GROUP BY 1 ORDER BY 1`,
    ),
    alerts: await q.query(
      `SELECT severity AS word, count(*)::int AS count FROM alert WHERE state = 'active'
        GROUP BY 1 ORDER BY 1`,
    ),
    notices: await countWaiting(q),
    damagedChunks: whole?.damagedChunks ?? 0,
    unverifiedSeconds: whole?.unverifiedSeconds ?? null,
    storedBytes: whole?.storedBytes ?? 0,
    databaseBytes: whole?.databaseBytes ?? 0,
  }
}

function readSources(q: Queryable): Promise<SourceFigures[]> {
  return q.query(
    `SELECT h.name || '/' || s.name AS source, s.replica_state AS "replicaState",
            count(p.id)::int AS points,
            extract(epoch FROM now() - max(p.created_at) FILTER (WHERE p.state = 'ready'))::float8
              AS "pointSeconds"
       FROM data_source s JOIN host h ON h.id = s.host
       LEFT JOIN recovery_point p ON p.data_source = s.id AND p.state <> 'deleted'
      WHERE s.kind <> 'derived' GROUP BY 1, 2 ORDER BY 1`,
  )
}

function readJobs(q: Queryable): Promise<JobFigures[]> {
  return q.query(
    `SELECT kind, state, count(*)::int AS count,
            coalesce(max(extract(epoch FROM coalesce(finished_at, now()) - started_at)), 0)::float8
              AS seconds,
            coalesce(sum(done_bytes), 0)::int8 AS "doneBytes"
       FROM job WHERE finished_at IS NULL OR finished_at > now() - interval '1 day'
      GROUP BY 1, 2 ORDER BY 1, 2`,
  )
}

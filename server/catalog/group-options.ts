import { DEFAULT_SETTINGS, type GroupSettings } from '../../core/model/group/settings.ts'
import type { Queryable } from './database.ts'

/** Settings of the group that a job's data source is in now; undefined where it is in none. */
export async function groupSettingsOfJob(
  q: Queryable,
  job: string,
): Promise<GroupSettings | undefined> {
  const [row] = await q.query<{ settings: GroupSettings }>(
    `SELECT g.settings FROM job j
       JOIN group_member m ON m.data_source = j.data_source
       JOIN protection_group g ON g.id = m.protection_group WHERE j.id = $1`,
    [job],
  )
  return row && { ...DEFAULT_SETTINGS, ...row.settings }
}

export interface LimitedJob {
  readonly job: string
  readonly host: string
  readonly settings: Pick<GroupSettings, 'rateHours' | 'bytesPerSecond' | 'timeZone'>
}

/** Transfers among these jobs whose data source is in a group. */
export async function limitedJobs(q: Queryable, jobs: readonly string[]): Promise<LimitedJob[]> {
  const rows = await q.query<LimitedJob>(
    `SELECT j.id AS job, j.host, g.settings FROM job j
       JOIN group_member m ON m.data_source = j.data_source
       JOIN protection_group g ON g.id = m.protection_group
      WHERE j.id = ANY ($1::text[]) AND j.host IS NOT NULL
        AND j.kind NOT IN ('recovery', 'item-recovery')`,
    [jobs],
  )
  return rows.map((row) => ({ ...row, settings: { ...DEFAULT_SETTINGS, ...row.settings } }))
}

/** Recoveries among these jobs whose limit goes by the hour. */
export async function limitedRecoveries(
  q: Queryable,
  jobs: readonly string[],
): Promise<LimitedJob[]> {
  return q.query(
    `SELECT j.id AS job, j.host, j.request AS settings FROM job j
      WHERE j.id = ANY ($1::text[]) AND j.host IS NOT NULL
        AND j.kind IN ('recovery', 'item-recovery') AND jsonb_array_length(j.request->'rateHours') > 0`,
    [jobs],
  )
}

import { DEFAULT_SETTINGS, type GroupSettings } from '../../core/model/group/settings.ts'
import type { Queryable } from './database.ts'

/** How protection ended, of one data source or of several at once. */
export interface StoppedProtection {
  readonly groupName: string
  readonly stoppedAt: Date
  readonly stoppedBy: string
  readonly points: 'kept' | 'deleted'
  readonly reason: string | null
  readonly settings: GroupSettings
}

export async function insertStopped(
  q: Queryable,
  dataSources: readonly string[],
  { groupName, stoppedAt, stoppedBy, points, reason, settings }: StoppedProtection,
): Promise<void> {
  await q.query(
    `INSERT INTO stopped_protection (data_source, group_name, stopped_at, stopped_by, points,
            reason, settings)
     SELECT id, $2, $3, $4, $5, $6, $7 FROM unnest($1::text[]) AS of (id)
     ON CONFLICT (data_source) DO UPDATE SET group_name = $2, stopped_at = $3, stopped_by = $4,
            points = $5, reason = $6, settings = $7`,
    [dataSources, groupName, stoppedAt, stoppedBy, points, reason, JSON.stringify(settings)],
  )
}

/** Gives those that there were. */
export async function deleteStopped(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Set<string>> {
  const rows = await q.query<{ id: string }>(
    `DELETE FROM stopped_protection WHERE data_source = ANY ($1::text[])
     RETURNING data_source AS id`,
    [dataSources],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The settings by which the points of those age whose protection was stopped, by data source. */
export async function settingsOfStopped(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Map<string, GroupSettings>> {
  const rows = await q.query<{ id: string; settings: GroupSettings }>(
    `SELECT data_source AS id, settings FROM stopped_protection
      WHERE data_source = ANY ($1::text[])`,
    [dataSources],
  )
  return new Map(rows.map(({ id, settings }) => [id, { ...DEFAULT_SETTINGS, ...settings }]))
}

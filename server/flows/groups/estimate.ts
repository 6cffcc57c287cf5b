import type { GroupSettings } from '../../../core/model/group/settings.ts'
import { keptOfYear } from './simulate.ts'
import type { Queryable } from '../../catalog/database.ts'

/** What the members' points will take once there are as many as the rules keep. */
export interface SpaceEstimate {
  readonly points: number
  readonly bytes: number
}

// Where a data source has no history yet. Measured ones take their place.
const CHURN = 0.02 // of a disk, between two points
const STORED = 0.6 // of plain bytes, compressed and without what is there already

/** Σ stored size + Σ size × churn × points. What is measured counts; else it is a guess. */
export async function estimateSpace(
  q: Queryable,
  sources: readonly string[],
  settings: GroupSettings,
  now: number,
): Promise<SpaceEstimate> {
  const points = keptOfYear(settings, now).length
  const rows = await q.query<{ size: number; stored: number | null; change: number | null }>(
    `SELECT coalesce((SELECT sum(size_bytes) FROM disk d
                       WHERE d.data_source = s.id AND d.present AND d.protectable), 0)::int8 AS size,
            (SELECT stored_bytes FROM version v WHERE v.data_source = s.id AND v.state = 'committed'
              ORDER BY id LIMIT 1) AS stored,
            (SELECT avg(stored_bytes)::int8 FROM (
               SELECT stored_bytes FROM version v
                WHERE v.data_source = s.id AND v.state = 'committed' AND v.sequence > 1
                ORDER BY id DESC LIMIT 30) AS recent) AS change
       FROM data_source s WHERE s.id = ANY ($1::text[])`,
    [sources],
  )
  let bytes = 0
  for (const { size, stored, change } of rows) {
    const full = stored ?? size * STORED
    bytes += full + (change ?? size * CHURN * STORED) * Math.max(points - 1, 0)
  }
  return { points, bytes: Math.round(bytes) }
}

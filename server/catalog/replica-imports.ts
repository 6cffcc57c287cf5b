import type { Queryable } from './database.ts'

/** Of a data source's open transfer: which export the import was of that last had it. */
export async function lastImportOf(q: Queryable, dataSource: string): Promise<string | undefined> {
  const [row] = await q.query<{ exportId: string | null }>(
    `SELECT job.request->>'exportId' AS "exportId"
       FROM transfer JOIN job ON job.id = transfer.job
      WHERE transfer.data_source = $1 AND transfer.state = 'open'`,
    [dataSource],
  )
  return row?.exportId ?? undefined
}

export interface ImportTarget {
  readonly id: string
  readonly hasReplica: boolean
  readonly group: string | null
  /** Another transfer of it that is queued or running. */
  readonly busyWith: string | null
}

/** The data source that a host knows by this key. */
export async function findImportTarget(
  q: Queryable,
  host: string,
  key: string,
): Promise<ImportTarget | undefined> {
  const [row] = await q.query<ImportTarget>(
    `SELECT s.id, m.protection_group AS "group",
            EXISTS (SELECT FROM version v WHERE v.data_source = s.id AND v.state = 'committed')
              AS "hasReplica",
            (SELECT j.kind || ' ' || j.id FROM job j
              WHERE j.data_source = s.id AND j.state IN ('queued', 'running')
                AND j.kind NOT IN ('recovery', 'item-recovery') LIMIT 1) AS "busyWith"
       FROM data_source s LEFT JOIN group_member m ON m.data_source = s.id
      WHERE s.host = $1 AND s.key = $2`,
    [host, key],
  )
  return row
}

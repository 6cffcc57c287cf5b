import type { Queryable } from './database.ts'
import { HOST_STATE } from './hosts-view.ts'

/** `host` has these running although another host, which owns them, does so too; and no other one. */
export async function setRival(
  q: Queryable,
  host: string,
  dataSources: readonly string[],
): Promise<void> {
  await q.query(
    `UPDATE data_source SET rival_host = CASE WHEN id = ANY ($2::text[]) THEN $1 END
      WHERE (rival_host = $1) IS DISTINCT FROM (id = ANY ($2::text[]))
        AND (rival_host = $1 OR id = ANY ($2::text[]))`,
    [host, dataSources],
  )
}

/** Name of the host that has it running beside its owner, as long as that host is heard of. */
export async function rivalOf(q: Queryable, dataSource: string): Promise<string | undefined> {
  const [row] = await q.query<{ name: string }>(
    `SELECT h.name FROM data_source s JOIN host h ON h.id = s.rival_host
      WHERE s.id = $1 AND s.power_state IN ('running', 'paused') AND (${HOST_STATE}) = 'online'`,
    [dataSource],
  )
  return row?.name
}

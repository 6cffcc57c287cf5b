import { randomId, type Random } from '../../../core/runtime/random.ts'
import type { Queryable } from '../../catalog/database.ts'
import { recordEvent } from '../../catalog/events.ts'
import { insertJob } from '../../catalog/jobs.ts'

const BY = 'import'

/** The check that an imported replica has to pass, in the transaction that makes it visible. */
export async function queueCheck(q: Queryable, random: Random, dataSource: string): Promise<void> {
  const [source] = await q.query<{ host: string; group: string | null }>(
    `SELECT s.host, m.protection_group AS "group" FROM data_source s
       LEFT JOIN group_member m ON m.data_source = s.id WHERE s.id = $1`,
    [dataSource],
  )
  if (!source) return
  const id = randomId(random, 'j', 12)
  await insertJob(q, {
    ...{ id, kind: 'consistency-check', dataSource, requestedBy: BY, priority: 0, ...source },
    request: { kind: 'check', protect: false },
  })
  const message = 'consistency-check was asked for: the replica was imported'
  await recordEvent(q, { kind: 'job-queued', about: id, message, actor: BY })
}

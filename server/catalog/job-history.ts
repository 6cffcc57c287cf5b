import type { Queryable } from './database.ts'

const AT_ONCE = 5000

/** Jobs that ended before then, in batches. Those whose transfer is still open stay. */
export async function forgetJobs(q: Queryable, before: Date): Promise<number> {
  let removed = 0
  for (;;) {
    const rows = await q.query(
      `DELETE FROM job WHERE id IN (
         SELECT j.id FROM job j WHERE j.finished_at < $1
            AND NOT EXISTS (SELECT FROM transfer t WHERE t.job = j.id AND t.state = 'open')
            AND NOT EXISTS (SELECT FROM due d WHERE d.job = j.id AND d.state = 'started')
          ORDER BY j.finished_at LIMIT ${AT_ONCE}) RETURNING id`,
      [before],
    )
    removed += rows.length
    if (rows.length < AT_ONCE) return removed
  }
}

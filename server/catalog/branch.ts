import type { Queryable } from './database.ts'

/** Uid of the version that the source was restored from and that no version was made of since. */
export async function readBranch(q: Queryable, dataSource: string): Promise<string | null> {
  const [row] = await q.query<{ branchOf: string | null }>(
    `SELECT branch_of AS "branchOf" FROM data_source WHERE id = $1`,
    [dataSource],
  )
  return row?.branchOf ?? null
}

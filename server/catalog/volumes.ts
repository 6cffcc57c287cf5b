import type { Queryable } from './database.ts'

export async function putVolume(q: Queryable, uid: string, path: string): Promise<void> {
  await q.query(
    `INSERT INTO volume (uid, path) VALUES ($1, $2) ON CONFLICT (uid) DO UPDATE SET path = $2`,
    [uid, path],
  )
}

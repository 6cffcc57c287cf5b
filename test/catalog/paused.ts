import type { Queryable } from '../../server/catalog/database.ts'

/** Runs `before` ahead of the first statement that matches: another session, at exactly this place. */
export function pausedAt(q: Queryable, statement: RegExp, before: () => Promise<void>): Queryable {
  let passed = false
  return {
    async query<R>(text: string, values?: readonly unknown[]): Promise<R[]> {
      if (!passed && statement.test(text)) {
        passed = true
        await before()
      }
      return q.query<R>(text, values)
    },
  }
}

import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from './database.ts'

/*
 * Lists by a column that somebody chose, a page at a time. What is alike in it has its newest first,
 * whichever way the column goes. A page follows a row that was listed before, by what the column had of
 * it then: a row that has changed meanwhile does not move the page with it.
 */
export interface SortedList<Column extends string> {
  /** What one row is called, where it has gone. */
  readonly row: string
  /** As in SQL, with what the columns need. */
  readonly from: string
  readonly id: string
  /** When a row came, which never changes. */
  readonly came: string
  readonly columns: Readonly<Record<Column, string>>
}

export interface Order<Column extends string> {
  readonly by: Column
  readonly descending: boolean
  /** The row that a page follows. */
  readonly before?: Before | undefined
}

export interface Before {
  readonly id: string
  /** What the column had of it; absent: what it has now. */
  readonly value?: string | undefined
}

/** Where a row stood, as values of SQL. */
type Place = readonly [value: string, came: string, id: string]

/** What a statement says in WHERE and in ORDER BY, and its values: those that it has anyway come first. */
export async function sorted<Column extends string>(
  q: Queryable,
  list: SortedList<Column>,
  order: Order<Column>,
  given: readonly unknown[],
): Promise<{ behind: string; orderBy: string; values: readonly unknown[] }> {
  const { id, came } = list
  const column = list.columns[order.by]
  const [way, from, beyond] = order.descending ? ['DESC', '<=', '<'] : ['ASC', '>=', '>']
  const orderBy = `${column} ${way}, ${came} DESC, ${id} DESC`
  if (!order.before) return { behind: 'true', orderBy, values: given }
  const [value, at, last] = [1, 2, 3].map((next) => `$${given.length + next}`)
  const behind = `${column} ${from} ${value}
        AND (${column} ${beyond} ${value} OR (${came}, ${id}) < (${at}, ${last}))`
  return { behind, orderBy, values: [...given, ...(await placeOf(q, list, column, order.before))] }
}

async function placeOf(
  q: Queryable,
  { row, from, id, came }: SortedList<string>,
  column: string,
  before: Before,
): Promise<Place> {
  const [found] = await q.query<{ value: string; came: string }>(
    `SELECT (${column})::text AS value, (${came})::text AS came FROM ${from} WHERE ${id} = $1`,
    [before.id],
  )
  if (!found)
    throw new HoldfastError('not-found', `there is no ${row} ${before.id}`, {
      hint: 'The next page is that behind the last row of a list.',
    })
  // Times are given to the millisecond, and are finer; this one stays as it was.
  const value = column === came ? found.value : (before.value ?? found.value)
  return [value, found.came, before.id]
}

import type { Queryable } from './database.ts'

/*
 * Who reads a version without being a job: an export, somebody who browses files. Such a hold is
 * called `reader:SERVER:WHAT-ID`, so that a server that starts knows which ones it left behind.
 */
const READER = 'reader:'

export function readerHolder(server: string, id: string): string {
  return `${READER}${server}:${id}`
}

/** The id of a reader, for people; undefined when the holder is something else. */
export function readerOf(holder: string): string | undefined {
  return holder.startsWith(READER) ? holder.slice(holder.lastIndexOf(':') + 1) : undefined
}

export async function releaseReader(q: Queryable, holder: string): Promise<void> {
  await q.query(`DELETE FROM hold WHERE holder = $1`, [holder])
}

/** At start: nobody reads through a process that is gone. */
export async function releaseReadersOf(q: Queryable, server: string): Promise<void> {
  await q.query(`DELETE FROM hold WHERE starts_with(holder, $1)`, [readerHolder(server, '')])
}

import type { UseQueryResult } from '@tanstack/react-query'
import type { Failure } from '../api/ask.ts'
import type { Newest } from '../api/use-newest.ts'
import type { Column } from './column.ts'
import { ListTable } from './list-table.tsx'
import { Loaded } from './loaded.tsx'

interface Props<Row> {
  readonly of: {
    readonly found: UseQueryResult<Newest<Row>, Failure>
    readonly more: (first: number, last: number) => void
  }
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly empty: string
}

/** A list of which the older rows come as one scrolls to them. */
export function NewestTable<Row>({ of: { found, more }, ...table }: Props<Row>) {
  return (
    <Loaded of={found}>
      {({ rows, isPart }) => <ListTable {...table} {...{ rows, isPart }} onShown={more} />}
    </Loaded>
  )
}

import type { UseQueryResult } from '@tanstack/react-query'
import type { Failure } from '../api/ask.ts'
import type { Newest } from '../api/use-newest.ts'
import type { Column } from './column.ts'
import { Loaded, Nothing } from './loaded.tsx'
import { RowTable } from './row-table.tsx'
import type { Order } from './use-order.ts'

interface Props<Row> {
  readonly of: {
    readonly found: UseQueryResult<Newest<Row>, Failure>
    readonly more: (first: number, last: number) => void
  }
  readonly order: Order<Row>
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly empty: string
}

/** A list of which more rows come as one scrolls to them, put in order by the server. */
export function NewestTable<Row>({ of, order, empty, ...table }: Props<Row>) {
  return (
    <Loaded of={of.found}>
      {({ rows, isPart }) =>
        rows.length === 0 ? (
          <Nothing title={empty} />
        ) : (
          <RowTable
            {...table}
            count={rows.length}
            rowAt={(index) => rows[index]}
            total={isPart ? undefined : rows.length}
            sort={order.sort}
            onSort={order.onSort}
            onShown={of.more}
          />
        )
      }
    </Loaded>
  )
}

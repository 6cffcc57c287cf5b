import { useSearchParams } from 'react-router'
import type { Column, Sort } from './column.ts'

/** How a list that comes in parts is put in order, which is the server's work. */
export interface Order<Row> {
  /** As the API has it. */
  readonly query: { readonly order?: string; readonly descending?: boolean }
  /** What a row has of the column in which it stands where it does. */
  readonly valueOf: (row: Row) => string
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
}

/** By one of the columns, as the address has it; otherwise by `newest`, from its end. Without that, as it comes. */
export function useOrder<Row>(columns: readonly Column<Row>[], newest?: string): Order<Row> {
  const [search, setSearch] = useSearchParams()
  const at = (order: string | null | undefined) =>
    columns.findIndex((column) => column.order !== undefined && column.order === order)
  const chosen = at(search.get('order'))
  const index = chosen < 0 ? at(newest) : chosen
  const column = columns[index]
  if (!column?.order) return { query: {}, valueOf: () => '' }
  const descending = chosen < 0 || search.has('descending')
  return {
    query: { order: column.order, descending },
    valueOf: (row) => String(column.sortBy?.(row)),
    sort: { index, direction: descending ? 'desc' : 'asc' },
    onSort: ({ index, direction }) => {
      const next = new URLSearchParams(search)
      next.set('order', columns[index]?.order ?? '')
      next.delete('descending')
      if (direction === 'desc') next.set('descending', '')
      setSearch(next)
    },
  }
}

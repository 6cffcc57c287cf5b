import { useCallback, useMemo, useState } from 'react'
import type { Column, Sort } from './column.ts'
import { Nothing } from './loaded.tsx'
import { RowTable } from './row-table.tsx'

interface Props<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly empty: string
}

/** A list that is here, sorted as a whole: ten thousand rows are as quick as ten. */
export function ListTable<Row>(props: Props<Row>) {
  const { label, rows, columns, keyOf, empty } = props
  const [sort, setSort] = useState<Sort | undefined>()
  // Columns are made anew with each look; what they sort by stays the same.
  const sorted = useMemo(
    () => (sort ? sortedBy(rows, columns[sort.index]?.sortBy, sort.direction) : rows),
    [rows, sort],
  )
  const rowAt = useCallback((index: number) => sorted[index], [sorted])
  if (rows.length === 0) return <Nothing title={empty} />
  return (
    <RowTable
      {...{ label, columns, rowAt, keyOf, sort }}
      count={rows.length}
      total={rows.length}
      onSort={setSort}
    />
  )
}

function sortedBy<Row>(
  rows: readonly Row[],
  by: ((row: Row) => string | number) | undefined,
  direction: 'asc' | 'desc',
): readonly Row[] {
  if (!by) return rows
  const sign = direction === 'asc' ? 1 : -1
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)]
    return x === y ? 0 : x < y ? -sign : sign
  })
}

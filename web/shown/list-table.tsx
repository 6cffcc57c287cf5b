import { Pagination } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { useMemo, useState, type ReactNode } from 'react'
import { useWords } from '../words/words.tsx'
import { Nothing } from './loaded.tsx'

export interface Column<Row> {
  readonly title: string
  readonly show: (row: Row) => ReactNode
  /** What the column is sorted by; without it, it is not. */
  readonly sortBy?: (row: Row) => string | number
  /** Buttons and menus, not words. */
  readonly isActions?: boolean
}

interface Props<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly empty: string
}

const PAGE = 50

/** A list with sorting and pages: ten thousand rows are as quick as ten. */
export function ListTable<Row>({ label, rows, columns, keyOf, empty }: Props<Row>) {
  const words = useWords()
  const [sort, setSort] = useState<{ index: number; direction: 'asc' | 'desc' } | undefined>()
  const [page, setPage] = useState(1)
  // Columns are made anew with each look; what they sort by stays the same.
  const sorted = useMemo(
    () => (sort ? sortedBy(rows, columns[sort.index]?.sortBy, sort.direction) : rows),
    [rows, sort],
  )
  if (rows.length === 0) return <Nothing title={empty} />
  const last = Math.max(1, Math.ceil(rows.length / PAGE))
  const here = Math.min(page, last)
  const shown = sorted.slice((here - 1) * PAGE, here * PAGE)
  return (
    <>
      <Table aria-label={label} variant="compact">
        <Thead>
          <Tr>
            {columns.map(({ title, sortBy, isActions }, index) => (
              <Th
                key={title}
                modifier="wrap"
                screenReaderText={isActions ? title : undefined}
                {...(sortBy
                  ? {
                      sort: {
                        sortBy: sort ?? {},
                        columnIndex: index,
                        onSort: (_event, _index, direction) => setSort({ index, direction }),
                      },
                    }
                  : {})}
              >
                {isActions ? undefined : title}
              </Th>
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((row) => (
            <Tr key={keyOf(row)}>
              {columns.map(({ title, show }) => (
                <Td key={title} dataLabel={title}>
                  {/* One child: on a phone a cell is a grid, and each child a row of it. */}
                  <div>{show(row)}</div>
                </Td>
              ))}
            </Tr>
          ))}
        </Tbody>
      </Table>
      {rows.length > PAGE && (
        <Pagination
          itemCount={rows.length}
          page={here}
          perPage={PAGE}
          perPageOptions={[]}
          onSetPage={(_event, next) => setPage(next)}
          titles={{ paginationAriaLabel: words.pages }}
          variant="bottom"
        />
      )}
    </>
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

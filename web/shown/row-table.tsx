import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table'
import { memo, useEffect, type ReactNode } from 'react'
import { useWords } from '../words/words.tsx'
import type { Column, Sort } from './column.ts'
import { useRowWindow } from './row-window.ts'

interface Props<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly count: number
  /** Undefined where it has not come yet. */
  readonly rowAt: (index: number) => Row | undefined
  readonly keyOf: (row: Row) => string
  /** Of the whole list, of which these may be a part; undefined: nobody knows yet. */
  readonly total: number | undefined
  /** Rows of the whole list in front of these. */
  readonly before?: number
  readonly sort?: Sort | undefined
  readonly onSort?: ((sort: Sort) => void) | undefined
  /** Which rows are drawn, each time these are others. */
  readonly onShown?: ((first: number, last: number) => void) | undefined
}

/*
 * The kit's look without its components: each of its cells measures itself when it comes, and rows come
 * with every frame of scrolling.
 */
const ROW = 'pf-v6-c-table__tr'
const CELL = 'pf-v6-c-table__td'

/** Rows of a list, drawn where they are seen. A screen reader is told which of how many each one is. */
export function RowTable<Row>(props: Props<Row>) {
  const { label, columns, count, rowAt, keyOf, total, before = 0, onShown } = props
  const { isPart, rows, gapAfterPx, table, measure, ...focus } = useRowWindow(count)
  const [first, last] = [rows[0]?.index, rows.at(-1)?.index]
  useEffect(() => {
    if (first !== undefined && last !== undefined) onShown?.(first, last)
  }, [first, last, count, onShown])
  return (
    <Table
      aria-label={label}
      variant="compact"
      ref={table}
      className={isPart ? 'pf-m-fixed' : undefined}
      aria-rowcount={total === undefined ? -1 : total + 1}
      {...focus}
    >
      <Thead>
        <Tr aria-rowindex={1}>
          {columns.map((column, index) => (
            <Head key={column.title} {...{ column, index, isPart }} {...props} />
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows.flatMap(({ index, gapPx }) => {
          const row = rowAt(index)
          const key = row === undefined ? `waiting ${index}` : keyOf(row)
          return [
            gapPx > 0 && <Gap key={`gap ${index}`} heightPx={gapPx} />,
            <tr
              key={key}
              ref={measure}
              className={ROW}
              data-index={index}
              aria-rowindex={before + index + 2}
            >
              {row === undefined ? (
                <Waiting columns={columns.length} />
              ) : (
                <Cells {...{ row, columns }} />
              )}
            </tr>,
          ]
        })}
        {gapAfterPx > 0 && <Gap heightPx={gapAfterPx} />}
      </Tbody>
    </Table>
  )
}

interface HeadProps<Row> {
  readonly column: Column<Row>
  readonly index: number
  readonly isPart: boolean
  readonly sort?: Sort | undefined
  readonly onSort?: ((sort: Sort) => void) | undefined
}

function Head<Row>({ column, index, isPart, sort, onSort }: HeadProps<Row>) {
  const { title, sortBy, isActions, width } = column
  const sorted = sortBy &&
    onSort && {
      ...{ sortBy: sort ?? {}, columnIndex: index },
      onSort: (_event: unknown, _index: number, direction: Sort['direction']) =>
        onSort({ index, direction }),
    }
  return (
    <Th
      modifier="wrap"
      screenReaderText={isActions ? title : undefined}
      {...(isPart && width ? { width } : {})}
      {...(sorted ? { sort: sorted } : {})}
    >
      {isActions ? undefined : title}
    </Th>
  )
}

/** Drawn again only when its row or what is shown of it has changed: not with each step of scrolling. */
const Cells = memo(CellsOf) as typeof CellsOf

function CellsOf<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }): ReactNode {
  return columns.map(({ title, show }) => (
    <td key={title} className={CELL} data-label={title}>
      {/* One child: on a phone a cell is a grid, and each child a row of it. */}
      <div>{show(row)}</div>
    </td>
  ))
}

function Waiting({ columns }: { readonly columns: number }) {
  const { loading } = useWords()
  return (
    <td colSpan={columns} className={CELL}>
      <span className="waiting">{loading}</span>
    </td>
  )
}

/** As high as the rows that are not drawn. */
function Gap({ heightPx }: { readonly heightPx: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td style={{ height: heightPx }} />
    </tr>
  )
}

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  readonly align?: 'right'
}

/** Rows under their titles, columns two spaces apart. `empty` is said when there is no row. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  empty = 'none',
): string {
  if (rows.length === 0) return `${empty}\n`
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => printable(column.value(row)))),
  ]
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)))
  return cells.map((line) => renderLine(line, columns, widths)).join('')
}

function renderLine<Row>(
  line: readonly string[],
  columns: readonly Column<Row>[],
  widths: readonly number[],
): string {
  const padded = line.map((cell, at) => {
    const width = widths[at] ?? 0
    return columns[at]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
  })
  return `${padded.join('  ').trimEnd()}\n`
}

/** `name: value` lines with the values in one column. */
export function renderFields(fields: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...fields.map(([name]) => name.length))
  return fields
    .map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${printable(value)}\n`)
    .join('')
}

/**
 * Names come from other machines: a file may be called by an escape sequence that paints over this
 * terminal. Control characters are shown, never sent.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}

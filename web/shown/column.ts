import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly title: string
  readonly show: (row: Row) => ReactNode
  /** What the column is sorted by; without it, it is not. */
  readonly sortBy?: (row: Row) => string | number
  /** The API's word for that, where a list comes in parts and the server puts it in order. */
  readonly order?: string
  /** Buttons and menus, not words. */
  readonly isActions?: boolean
  /** Of the table's width, in percent, where rows come and go: columns must not move with them. */
  readonly width?: 10 | 15 | 20 | 25 | 30 | 35 | 40 | 50
}

export interface Sort {
  readonly index: number
  readonly direction: 'asc' | 'desc'
}

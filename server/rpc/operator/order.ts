import type { Order } from '../../catalog/sorted-list.ts'
import { requireOneOf } from './arguments.ts'

/** As requests for lists say it. */
interface Asked {
  readonly order?: string | undefined
  readonly descending?: boolean | undefined
  readonly before?: string | undefined
  readonly beforeValue?: string | undefined
}

/** In which order a list is asked for, and from where on; of no column, newest first by `newest`. */
export function orderOf<Column extends string>(
  { order, descending, before, beforeValue }: Asked,
  columns: readonly Column[],
  newest: Column,
): Order<Column> {
  return {
    by: order ? requireOneOf('an order', order, columns) : newest,
    descending: descending ?? !order,
    before: before ? { id: before, value: beforeValue || undefined } : undefined,
  }
}

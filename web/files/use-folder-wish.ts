import { useSearchParams } from 'react-router'
import type { Sort } from '../shown/column.ts'
import type { FolderOrder, FolderWish } from './use-folder.ts'

/** Columns of a listing by what the server puts in order. */
export const SORTED: Readonly<Record<number, FolderOrder>> = {
  1: 'name',
  2: 'type',
  3: 'size',
  4: 'modified',
}

/** Rows of one part: a browser's page cannot be as high as a million of them are. */
export const PART = 50_000

/** What is looked at, as the address has it. */
export function useFolderWish(point: string) {
  const [search, setSearch] = useSearchParams()
  const given = search.get('order') ?? 'name'
  const order = Object.values(SORTED).find((one) => one === given) ?? 'name'
  const part = Math.max(1, Math.floor(Number(search.get('part')) || 1))
  const wish: FolderWish = {
    ...{ point, order, path: search.get('path') ?? '/', name: search.get('name') ?? '' },
    ...{ descending: search.has('descending'), from: (part - 1) * PART },
  }
  const change = (changed: Readonly<Record<string, string | undefined>>) => {
    const next = new URLSearchParams(search)
    for (const [field, value] of Object.entries(changed))
      if (value === undefined) next.delete(field)
      else next.set(field, value)
    setSearch(next)
  }
  return {
    ...{ wish, part },
    onSort: ({ index, direction }: Sort) =>
      change({
        order: SORTED[index],
        descending: direction === 'desc' ? '' : undefined,
        part: undefined,
      }),
    onPart: (part: number) => change({ part: part === 1 ? undefined : String(part) }),
  }
}

import { namedIn, type Named } from './choice.ts'

/** Where the browser gets files from: one by itself, without `archive`; else all in one archive. */
export function downloadOf(point: string, named: Partial<Named>, archive?: 'zip' | 'tar'): string {
  const query = namedIn({ paths: [], matching: [], except: [], ...named })
  const packed = archive ? `&archive=${archive}` : ''
  return `/api/v1/points/${encodeURIComponent(point)}/content?${query}${packed}`
}

/** Of an address, with what the browser sends besides: servers take 16 KiB. */
const LONGEST = 12_000

/** Too many are named one by one. */
export function isTooLong(address: string): boolean {
  return address.length > LONGEST
}

import { pageCount } from '../../core/model/geometry.ts'
import { decodeRun, pageSegments } from '../../core/model/map-page.ts'
import { ZERO_CHUNK } from '../../core/model/chunk-id.ts'
import type { Queryable } from '../catalog/database.ts'
import { readPageDigests, readPages, type NewPage } from '../catalog/pages.ts'
import type { VersionDisk } from './base-pages.ts'

const PAGES_AT_ONCE = 64

/** Pages of one disk's map for another disk; those that `base` of that one has already are left out. */
export async function copyPages(
  q: Queryable,
  from: VersionDisk,
  to: { readonly disk: number; readonly base: number | null },
): Promise<{ newPages: NewPage[]; changedBytes: number }> {
  const pages = pageCount(from.sizeBytes, from.chunkBytes)
  const there = await digestsOf(q, to, pages)
  const newPages: NewPage[] = []
  let chunks = 0
  for (let first = 0; first < pages; first += PAGES_AT_ONCE) {
    const last = Math.min(first + PAGES_AT_ONCE, pages) - 1
    for (const row of await readPages(q, from.disk, from.version, first, last)) {
      const { page, entries, runs, digest } = row
      // Equal digests are equal chunks, as many: the digest is over one a chunk.
      if (there.get(page)?.equals(digest)) continue
      const decoded = runs.map(decodeRun)
      newPages.push({
        ...{ disk: to.disk, page, entries, runs, digest },
        segments: pageSegments(decoded),
      })
      for (const run of decoded) if (run.chunk !== ZERO_CHUNK) chunks += run.length
    }
  }
  const changedBytes = Math.min(chunks * from.chunkBytes, from.sizeBytes)
  return { newPages, changedBytes }
}

async function digestsOf(
  q: Queryable,
  { disk, base }: { readonly disk: number; readonly base: number | null },
  pages: number,
): Promise<Map<number, Buffer>> {
  if (base === null) return new Map()
  const rows = await readPageDigests(q, disk, base, pages)
  return new Map(rows.map((row) => [row.page, row.digest]))
}

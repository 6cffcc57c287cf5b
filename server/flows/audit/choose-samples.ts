import { chunkCount, PAGE_CHUNKS } from '../../../core/model/geometry.ts'
import { decodeRun, expandPage } from '../../../core/model/map-page.ts'
import type { Random } from '../../../core/runtime/random.ts'
import { readPagesAt } from '../../catalog/page-differences.ts'
import type { Queryable } from '../../catalog/database.ts'
import type { VersionDisk } from '../base-pages.ts'

/** Pages of a map that are looked into: some 500 KiB of catalog, however large the disk is. */
const MOST_PAGES = 64
/** Chunks that an agent reads for it: at most 256 MiB. */
const MOST_SAMPLES = 2048

/**
 * Chunks of the base, chosen at random among those with data, for the agent to read although its
 * change record says that they are as they were.
 */
export async function chooseSamples(
  q: Queryable,
  random: Random,
  base: VersionDisk,
  share: number,
): Promise<number[]> {
  const pages = Math.ceil(chunkCount(base.sizeBytes, base.chunkBytes) / PAGE_CHUNKS)
  const chosen = pages <= MOST_PAGES ? range(pages) : pick(random, pages, MOST_PAGES)
  const perPage = share * (pages / chosen.length)
  const samples: number[] = []
  const read = await readPagesAt(q, base.disk, base.version, chosen)
  for (const page of chosen) {
    const stored = read.get(page)
    const ids = stored ? expandPage(stored.runs.map(decodeRun)) : []
    const data: number[] = []
    for (let at = 0; at < ids.length; at++) if (ids[at] !== 0) data.push(page * PAGE_CHUNKS + at)
    const count = wholeOrMore(random, data.length * perPage)
    for (const at of pick(random, data.length, Math.min(count, data.length)))
      samples.push(data[at] ?? 0)
  }
  return samples.slice(0, MOST_SAMPLES).sort((a, b) => a - b)
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

/** The part of a chunk that a share leaves over is one chunk now and then. */
function wholeOrMore(random: Random, count: number): number {
  return Math.floor(count) + (fraction(random) < count % 1 ? 1 : 0)
}

/** `count` different numbers below `below`. */
function pick(random: Random, below: number, count: number): number[] {
  const picked = new Set<number>()
  while (picked.size < Math.min(count, below)) picked.add(Math.floor(fraction(random) * below))
  return [...picked]
}

function fraction(random: Random): number {
  return random.bytes(4).readUInt32LE() / 2 ** 32
}

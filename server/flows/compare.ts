import { HoldfastError } from '../../core/model/error.ts'
import type { Extent } from '../../core/model/extent.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { getPoint, type PointView } from '../catalog/points.ts'
import { readVersionDisks, type VersionDiskRow } from '../catalog/versions.ts'
import { compareDisks } from './compare-disks.ts'

export interface PointComparison {
  readonly from: string
  readonly to: string
  readonly differingBytes: number
  readonly disks: readonly DiskComparison[]
}

export interface DiskComparison {
  readonly name: string
  readonly differingBytes: number
  readonly differingChunks: number
  /** Rising, touching ones joined; the first 20,000. */
  readonly ranges: readonly Extent[]
  /** What is special about this disk; '' mostly. */
  readonly note: string
}

/**
 * What differs between two points, from the catalog alone: of two points of a data source only the
 * pages born between them are read, and digests only where the chunk ids differ. Points of two data
 * sources are compared page by page where their disks pair up and have the same sizes.
 */
export async function comparePoints(
  database: Database,
  from: string,
  to: string,
): Promise<PointComparison> {
  return database.tx(
    async (q) => {
      const [a, b] = [await readable(q, from), await readable(q, to)]
      const disks: DiskComparison[] = []
      for (const pair of pairDisks(a, b)) disks.push(await comparePair(q, a, b, pair))
      const differingBytes = disks.reduce((sum, disk) => sum + disk.differingBytes, 0)
      return { from, to, differingBytes, disks }
    },
    { snapshot: true, timeoutMs: TIMEOUT_MS },
  )
}

const TIMEOUT_MS = 300_000

interface Side {
  readonly point: PointView
  readonly version: number
  readonly disks: readonly VersionDiskRow[]
}

async function readable(q: Queryable, id: string): Promise<Side> {
  const point = await getPoint(q, id)
  const disks = point.version === null ? [] : await readVersionDisks(q, point.version)
  if (point.version !== null && disks.length > 0) return { point, version: point.version, disks }
  throw new HoldfastError('not-found', `the data of recovery point ${id} are gone`, {
    hint: 'It was deleted more than 72 hours ago.',
  })
}

type Pair = readonly [VersionDiskRow | undefined, VersionDiskRow | undefined]

function pairDisks(a: Side, b: Side): Pair[] {
  const [onlyA, onlyB] = [a.disks[0], b.disks[0]]
  const single = a.disks.length === 1 && b.disks.length === 1
  if (single && a.point.dataSource !== b.point.dataSource) return [[onlyA, onlyB]]
  const byName = new Map(b.disks.map((disk) => [disk.name, disk]))
  const pairs = a.disks.map((disk): Pair => {
    const other = byName.get(disk.name)
    byName.delete(disk.name)
    return [disk, other]
  })
  return [...pairs, ...[...byName.values()].map((disk): Pair => [undefined, disk])]
}

async function comparePair(q: Queryable, a: Side, b: Side, [x, y]: Pair): Promise<DiskComparison> {
  if (!x || !y) return oneSided(x ?? y, x ? a.point.id : b.point.id)
  requireComparable(x, y)
  const found = await compareDisks(
    q,
    { disk: x.disk, version: a.version, sizeBytes: x.sizeBytes, chunkBytes: x.chunkBytes },
    { disk: y.disk, version: b.version, sizeBytes: y.sizeBytes, chunkBytes: y.chunkBytes },
  )
  const notes = [
    ...(x.name === y.name ? [] : [`disk ${x.name} of one, ${y.name} of the other`]),
    ...(x.sizeBytes === y.sizeBytes ? [] : [`${x.sizeBytes} bytes became ${y.sizeBytes}`]),
    ...(found.truncated ? ['the list of ranges is cut'] : []),
  ]
  const { differingBytes, differingChunks, ranges } = found
  return { name: x.name, differingBytes, differingChunks, ranges, note: notes.join('; ') }
}

function oneSided(disk: VersionDiskRow | undefined, point: string): DiskComparison {
  const note = `only in ${point}`
  return { name: disk?.name ?? '', differingBytes: 0, differingChunks: 0, ranges: [], note }
}

function requireComparable(x: VersionDiskRow, y: VersionDiskRow): void {
  if (x.disk === y.disk) return
  if (x.chunkBytes === y.chunkBytes && x.sizeBytes === y.sizeBytes) return
  throw new HoldfastError(
    'invalid-argument',
    `disks ${x.name} (${x.sizeBytes} bytes) and ${y.name} (${y.sizeBytes} bytes) cannot be compared`,
    { hint: 'Points of different data sources need disks of one size and chunk size.' },
  )
}

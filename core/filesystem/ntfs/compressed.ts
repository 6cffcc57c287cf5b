import type { ByteReader } from '../byte-reader.ts'
import type { GuestExtent, GuestFile } from '../file-system.ts'
import { readable, readChecked } from '../mapped-file.ts'
import { unpackLznt1 } from './lznt1.ts'
import type { RunMap } from './run-map.ts'
import type { ClusterRun } from './runs.ts'

export interface CompressedShape {
  readonly sizeBytes: number
  readonly validBytes: number
  readonly unitClusters: number
  readonly clusterBytes: number
}

/** Units of one kind in a row. A packed one stands alone: clusters first, then missing ones. */
interface Units {
  readonly kind: 'hole' | 'plain' | 'packed'
  readonly count: number
  readonly runs: readonly ClusterRun[]
}

/** A file compressed in units, each of which has fewer clusters than bytes, all or none. */
export function compressedFile(disk: ByteReader, map: RunMap, shape: CompressedShape): GuestFile {
  const { sizeBytes, validBytes, unitClusters, clusterBytes } = shape
  const unitBytes = unitClusters * clusterBytes
  let kept: { readonly unit: number; readonly content: Buffer } | undefined

  async function content(unit: number): Promise<Buffer> {
    if (kept?.unit === unit) return kept.content
    const { kind, runs } = await unitsAt(map, unitClusters, unit)
    const loaded = kind === 'hole' ? Buffer.alloc(unitBytes) : await load(unit, kind, runs)
    const valid = validBytes - unit * unitBytes
    if (valid < unitBytes) loaded.fill(0, Math.max(valid, 0))
    kept = { unit, content: loaded }
    return loaded
  }

  async function load(unit: number, kind: Units['kind'], runs: readonly ClusterRun[]) {
    const start = unit * unitClusters
    const pieces: Buffer[] = []
    for (const { at, cluster, count } of runs) {
      const skip = Math.max(start - at, 0)
      const clusters = Math.min(count - skip, unitClusters)
      const place = ((cluster ?? 0) + skip) * clusterBytes
      pieces.push(await readChecked(disk, place, clusters * clusterBytes))
    }
    const stored = Buffer.concat(pieces)
    return kind === 'packed' ? unpackLznt1(stored, unitBytes) : stored
  }

  return {
    sizeBytes,
    async *extents(offset = 0): AsyncIterable<GuestExtent> {
      for (let at = offset; at < sizeBytes;) {
        const unit = Math.floor(at / unitBytes)
        const isBehind = at >= validBytes
        const { kind, count } = isBehind ? BEHIND : await unitsAt(map, unitClusters, unit)
        const end = isBehind ? sizeBytes : Math.min((unit + count) * unitBytes, sizeBytes)
        yield { offset: at, length: end - at, hole: kind === 'hole' }
        at = end
      }
    },
    async read(offset, length) {
      const wanted = readable(sizeBytes, offset, length)
      const result = Buffer.alloc(wanted)
      for (let done = 0; done < wanted;) {
        const at = offset + done
        if (at >= validBytes) break
        const unit = Math.floor(at / unitBytes)
        done += (await content(unit)).copy(result, done, at - unit * unitBytes)
      }
      return result
    },
  }
}

const BEHIND: Units = { kind: 'hole', count: 1, runs: [] }

/** Long runs of nothing are told at once: their length costs nothing on the disk. */
async function unitsAt(map: RunMap, unitClusters: number, unit: number): Promise<Units> {
  const start = unit * unitClusters
  const run = await map.at(start)
  const whole = Math.floor((run.at + run.count - start) / unitClusters)
  if (whole > 0) return { kind: run.cluster === null ? 'hole' : 'plain', count: whole, runs: [run] }
  const runs: ClusterRun[] = []
  let there = 0
  for (let at = start; at < start + unitClusters;) {
    const piece = await map.at(at)
    const count = Math.min(piece.at + piece.count, start + unitClusters) - at
    const cluster = piece.cluster === null ? null : piece.cluster + at - piece.at
    if (cluster !== null) runs.push({ at, cluster, count })
    there += cluster === null ? 0 : count
    at += count
  }
  const kind = there === 0 ? 'hole' : there === unitClusters ? 'plain' : 'packed'
  return { kind, count: 1, runs }
}

import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'
import { requireInside } from '../slice.ts'
import type { Segment, VolumeGroup } from './volume-group.ts'

/** Bytes that lie in one piece on a physical volume, by its name in the group. */
export interface Piece {
  readonly volume: string
  readonly place: number
  readonly length: number
}

type Layout = Pick<VolumeGroup, 'extentBytes' | 'physical'>

/** Where [offset, offset + length) of a logical volume lies, in order. */
export function* piecesOf(
  layout: Layout,
  segments: readonly Segment[],
  offset: number,
  length: number,
): Generator<Piece> {
  const { extentBytes } = layout
  const end = offset + length
  for (let at = offset; at < end;) {
    const segment = segmentAt(segments, Math.floor(at / extentBytes))
    const within = at - segment.start * extentBytes
    const left = Math.min(end - at, segment.extents * extentBytes - within)
    const { stripe, place, room } = inStripes(segment, within, extentBytes)
    const piece = pieceOn(layout, stripe, place, Math.min(left, room))
    yield piece
    at += piece.length
  }
}

function inStripes(segment: Segment, within: number, extentBytes: number) {
  const { stripes, stripeBytes } = segment
  if (stripes.length === 1) return { stripe: stripes[0]!, place: within, room: Infinity }
  const row = Math.floor(within / stripeBytes)
  const stripe = stripes[row % stripes.length]!
  const rest = within % stripeBytes
  const place = Math.floor(row / stripes.length) * stripeBytes + rest
  // Stripes fill extents; where they do not, nobody could say what follows.
  if (extentBytes % stripeBytes !== 0) throw damaged('lvm2: stripes that do not fit into extents')
  return { stripe, place, room: stripeBytes - rest }
}

function pieceOn(
  { extentBytes, physical }: Layout,
  stripe: Segment['stripes'][number],
  place: number,
  length: number,
): Piece {
  const volume = physical.get(stripe.volume)
  if (!volume) throw damaged(`lvm2: there is no physical volume ${stripe.volume}`)
  const last = stripe.extent + Math.floor((place + length - 1) / extentBytes)
  if (last >= volume.extents) throw damaged(`lvm2: ${stripe.volume} has no extent ${last}`)
  const start = volume.firstBytes + stripe.extent * extentBytes + place
  return { volume: stripe.volume, place: start, length }
}

function segmentAt(segments: readonly Segment[], extent: number): Segment {
  let [low, high] = [0, segments.length]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (segments[middle]!.start <= extent) low = middle
    else high = middle
  }
  const found = segments[low]
  if (!found || extent < found.start || extent >= found.start + found.extents)
    throw damaged(`lvm2: there is no extent ${extent}`)
  return found
}

/** A row of bytes of a physical volume that goes to the logical one in runs. */
export interface Row {
  readonly volume: string
  readonly place: number
  readonly length: number
  readonly targetOffset: number
  readonly runBytes: number
  readonly targetStride: number
}

/** The same as pieces, one for each stripe of each segment. */
export function rowsOf(layout: Layout, segments: readonly Segment[]): Row[] {
  const { extentBytes } = layout
  return segments.flatMap(({ start, extents, stripes, stripeBytes }) => {
    const length = (extents / stripes.length) * extentBytes
    const runBytes = stripes.length === 1 ? length : stripeBytes
    return stripes.map((stripe, index): Row => {
      const { volume, place } = pieceOn(layout, stripe, 0, length)
      const targetOffset = start * extentBytes + index * runBytes
      return {
        volume,
        place,
        length,
        targetOffset,
        runBytes,
        targetStride: runBytes * stripes.length,
      }
    })
  })
}

export function sizeOf({ extentBytes }: Pick<Layout, 'extentBytes'>, segments: readonly Segment[]) {
  const last = segments.at(-1)
  return last ? (last.start + last.extents) * extentBytes : 0
}

/** A logical volume as a disk of its own. `disks` are the physical volumes by their names. */
export function logicalReader(
  layout: Layout,
  segments: readonly Segment[],
  disks: ReadonlyMap<string, ByteReader>,
): ByteReader {
  const sizeBytes = sizeOf(layout, segments)
  return {
    sizeBytes,
    async read(offset, length) {
      requireInside(sizeBytes, offset, length)
      const whole = Buffer.allocUnsafe(length)
      await Promise.all(
        runsOf(piecesOf(layout, segments, offset, length)).map(async (run) => {
          const disk = disks.get(run.volume)
          if (!disk) throw damaged(`lvm2: physical volume ${run.volume} is on no disk of the point`)
          const bytes = await readChecked(disk, run.place, run.length)
          let from = 0
          for (const { at, length: part } of run.parts) {
            bytes.copy(whole, at, from, from + part)
            from += part
          }
        }),
      )
      return whole
    },
    stored(offset, length) {
      requireInside(sizeBytes, offset, length)
      const [piece] = piecesOf(layout, segments, offset, length)
      return piece && disks.get(piece.volume)?.stored?.(piece.place, piece.length)
    },
  }
}

interface Run {
  readonly volume: string
  readonly place: number
  length: number
  /** Where its bytes belong. */
  readonly parts: { at: number; length: number }[]
}

/** Stripes of one physical volume lie behind each other there: they are read at once. */
function runsOf(pieces: Iterable<Piece>): Run[] {
  const runs: Run[] = []
  const open = new Map<string, Run>()
  let at = 0
  for (const { volume, place, length } of pieces) {
    const run = open.get(volume)
    if (run && run.place + run.length === place) {
      run.parts.push({ at, length })
      run.length += length
    } else {
      const fresh = { volume, place, length, parts: [{ at, length }] }
      open.set(volume, fresh)
      runs.push(fresh)
    }
    at += length
  }
  return runs
}

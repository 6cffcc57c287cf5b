import { LONG_STREAM } from '../../model/long-stream.ts'
import type { StoredBytes } from '../byte-reader.ts'
import { toFailure, type FailureShape } from '../../model/error.ts'
import {
  MAX_READ_BYTES,
  type GuestAttribute,
  type GuestExtent,
  type GuestFile,
  type GuestFileSystem,
  type GuestStatus,
  type GuestType,
  type NodeId,
} from '../file-system.ts'
import { chosenNames, type ChosenNames } from './chosen-names.ts'
import { locate, parseAddress } from './locate.ts'
import type { Place } from './locate.ts'
import type { GuestVolumes } from './volumes.ts'

/** Files and folders as a stream: a head, then its content, in the order of a tar. */
export type FetchedPart =
  | { readonly head: FetchedHead }
  | { readonly data: Uint8Array }
  /** Data that lie on a disk as they are: whoever has the disk takes them from there. */
  | { readonly stored: StoredBytes }
  /** Zeros that take no space. */
  | { readonly hole: number }
  /** One that cannot be had, in whole or from here on; the next follows. */
  | { readonly failed: FetchFailure }
  | { readonly warnings: readonly string[] }

export interface FetchFailure {
  readonly path: Uint8Array
  readonly failure: FailureShape
  /** That of its head, where there was one. */
  readonly index: number
}

export interface FetchedHead {
  /** Counts what the walk has met, whether it could be read or not: the same at each walk. */
  readonly index: number
  /** Relative; empty for what has no name, a root. */
  readonly path: Uint8Array
  readonly type: GuestType
  readonly status: GuestStatus
  readonly target?: Uint8Array
  /** The same file was sent under this path before: no content follows. */
  readonly sameAs?: Uint8Array
  readonly attributes: readonly GuestAttribute[]
  /** All of them, where they are few enough to be told before the content; else left out. */
  readonly extents?: readonly GuestExtent[]
}

const PIECE_BYTES = 512 * 1024
const MAX_EXTENTS = 2048
const MAX_PIECES = 32_768
/** Names of hard links that are remembered; beyond them, further ones become files of their own. */
const MAX_REMEMBERED = 200_000
/** Deeper than any path that a system could still open. */
const MAX_DEPTH = 2048

export interface FetchOptions {
  readonly disk?: string | undefined
  /** What comes before it is walked over and not handed out. */
  readonly fromIndex?: number | undefined
  /** Each name of a file comes with the content, not the first alone. */
  readonly repeatLinked?: boolean | undefined
  /** FOLDER/PATTERN: of this folder what is called so, each as if it were a path. */
  readonly matching?: readonly Uint8Array[] | undefined
  /** FOLDER/NAME, of those folders: but for these. */
  readonly except?: readonly Uint8Array[] | undefined
}

interface Walk {
  readonly counter: Counter
  readonly system: GuestFileSystem
  readonly sent: Map<NodeId, Buffer>
  /** Folders above the one that is read: no cycle of a damaged file system is followed. */
  readonly above: Set<NodeId>
}

interface Counter {
  next: number
  readonly from: number
  readonly repeatLinked: boolean
}

export async function* fetchPaths(
  volumes: GuestVolumes,
  paths: readonly Buffer[],
  { disk, fromIndex = 0, repeatLinked = false, matching = [], except = [] }: FetchOptions = {},
): AsyncGenerator<FetchedPart> {
  const counter: Counter = { next: 0, from: fromIndex, repeatLinked }
  const walks: Walks = { counter, sent: new Map() }
  const wanted: readonly { path: Buffer; names?: ChosenNames }[] = [
    ...paths.map((path) => ({ path })),
    ...chosenNames(matching, except).map((names) => ({ path: names.folder, names })),
  ]
  for (const { path, names } of wanted) {
    let place: Place
    try {
      const isInto = path.at(-1) === 0x2f
      place = await locate(volumes, parseAddress(path, disk), { followLast: isInto })
    } catch (error) {
      yield* failed(counter, counter.next++, path, toFailure(error))
      continue
    }
    const warnings = warningsOf(walks, place)
    if (warnings.length > 0) yield { warnings }
    const { id, type, name, stream } = place
    const walk = walkOf(walks, place)
    if (names) yield* fetchNamed(walk, place, names)
    else yield* fetchNode(walk, { path: name, id, type, ...(stream ? { stream } : {}) })
  }
}

interface Walks {
  readonly counter: Counter
  readonly sent: Map<GuestFileSystem, Map<NodeId, Buffer>>
}

function warningsOf({ sent }: Walks, { system, mountedBelow }: Place): string[] {
  return [
    ...(sent.has(system) ? [] : system.warnings),
    ...mountedBelow.map((at) => `${at} is mounted from elsewhere: fetch it by itself`),
  ]
}

function walkOf({ counter, sent }: Walks, { system }: Place): Walk {
  const remembered = sent.get(system) ?? new Map<NodeId, Buffer>()
  sent.set(system, remembered)
  return { counter, system, sent: remembered, above: new Set<NodeId>() }
}

async function* fetchNamed(
  walk: Walk,
  { id }: Place,
  names: ChosenNames,
): AsyncGenerator<FetchedPart> {
  for await (const { name, id: node, type } of walk.system.list(id))
    if (names.has(name)) yield* fetchNode(walk, { path: name, id: node, type })
}

interface Node {
  readonly path: Buffer
  readonly id: NodeId
  readonly type: GuestType
  readonly stream?: Buffer
}

function* failed(
  counter: Counter,
  index: number,
  path: Uint8Array,
  failure: FailureShape,
): Generator<FetchedPart> {
  if (index >= counter.from) yield { failed: { path, failure, index } }
}

async function* fetchNode(walk: Walk, node: Node): AsyncGenerator<FetchedPart> {
  const { counter } = walk
  const index = counter.next++
  const isWanted = index >= counter.from
  try {
    const head = await headOf(walk, node, index)
    if (isWanted) yield { head }
    if (head.sameAs !== undefined) return
    if (node.type === 'file' && isWanted)
      yield* content(await walk.system.open(node.id, node.stream))
    if (node.type === 'folder') yield* below(walk, node, index)
  } catch (error) {
    yield* failed(counter, index, node.path, toFailure(error))
  }
}

async function headOf(
  { system, sent, counter }: Walk,
  { path, id, type, stream }: Node,
  index: number,
): Promise<FetchedHead> {
  const status = await system.status(id)
  if (stream) {
    const { sizeBytes } = await system.open(id, stream)
    return { index, path, type, status: { ...status, sizeBytes, links: 1 }, attributes: [] }
  }
  const sameAs = sent.get(id)
  const base = { index, path, type, status }
  if (sameAs && type !== 'folder') return { ...base, sameAs, attributes: [] }
  const attributes = [...(await system.attributes(id)), ...(await smallStreams(system, id))]
  if (type === 'link') return { ...base, attributes, target: await system.readLink(id) }
  // Opened before the head is sent: what cannot be read at all has no head.
  const extents = type === 'file' ? await fewExtents(await system.open(id)) : undefined
  const isFirst = status.links > 1 && type !== 'folder' && !counter.repeatLinked
  if (isFirst && sent.size < MAX_REMEMBERED) sent.set(id, path)
  return { ...base, attributes, ...(extents ? { extents } : {}) }
}

/**
 * Alternate streams of NTFS, as ntfs-3g shows them: attributes of the user's. Longer ones than an
 * attribute may be are fetched by their own name, FILE:STREAM; their value here is empty.
 */
async function smallStreams(system: GuestFileSystem, id: NodeId): Promise<GuestAttribute[]> {
  const found: GuestAttribute[] = []
  let left = MAX_STREAM_BYTES
  for (const { name, sizeBytes } of (await system.streams?.(id)) ?? []) {
    const isSmall = sizeBytes <= left
    if (isSmall) left -= sizeBytes
    const value = isSmall ? await (await system.open(id, name)).read(0, sizeBytes) : undefined
    const full = Buffer.concat([Buffer.from(isSmall ? 'user.' : LONG_STREAM), name])
    found.push({ name: full, value: value ?? Buffer.alloc(0) })
  }
  return found
}

/** What Linux takes as one value. */
const MAX_STREAM_BYTES = 64 * 1024

async function fewExtents(file: GuestFile): Promise<GuestExtent[] | undefined> {
  const found: GuestExtent[] = []
  let pieces = 0
  for await (const { offset, length, hole } of file.extents()) {
    const last = found.at(-1)
    if (last && last.hole === hole)
      found[found.length - 1] = { ...last, length: last.length + length }
    else found.push({ offset, length, hole })
    if (found.length > MAX_EXTENTS || ++pieces > MAX_PIECES) return undefined
  }
  return found
}

async function* content(file: GuestFile): AsyncGenerator<FetchedPart> {
  for await (const extent of file.extents()) {
    if (extent.hole) {
      yield { hole: extent.length }
      continue
    }
    yield* written(file, extent)
  }
}

async function* written(file: GuestFile, extent: GuestExtent): AsyncGenerator<FetchedPart> {
  const { offset, length, place } = extent
  for (let done = 0; done < length;) {
    const left = length - done
    const stored = place === undefined ? undefined : storedAt(file, place + done, left)
    const step = stored?.length ?? Math.min(PIECE_BYTES, MAX_READ_BYTES, left)
    yield stored ? { stored } : { data: await file.read(offset + done, step) }
    done += step
  }
}

/** Undefined also where it is there in small pieces, such as stripes: each would be a message of its own. */
function storedAt(file: GuestFile, place: number, length: number): StoredBytes | undefined {
  const stored = file.disk?.stored?.(place, length)
  return stored && stored.length >= Math.min(PIECE_BYTES, length) ? stored : undefined
}

async function* below(walk: Walk, { path, id }: Node, index: number): AsyncGenerator<FetchedPart> {
  if (walk.above.has(id) || walk.above.size > MAX_DEPTH) {
    const message = 'the folder contains itself'
    yield* failed(walk.counter, index, path, { code: 'filesystem-damaged', message })
    return
  }
  walk.above.add(id)
  try {
    for await (const entry of walk.system.list(id)) {
      const parts = path.length === 0 ? [entry.name] : [path, Buffer.from('/'), entry.name]
      yield* fetchNode(walk, { path: Buffer.concat(parts), id: entry.id, type: entry.type })
    }
  } finally {
    walk.above.delete(id)
  }
}

import { fetchPaths } from '../../../core/filesystem/browse/fetch-paths.ts'
import { volumeLayout } from '../../../core/filesystem/browse/layout.ts'
import { compareVolumes } from '../../../core/filesystem/browse/compare-volumes.ts'
import { searchVolumes } from '../../../core/filesystem/browse/search-volumes.ts'
import {
  GuestVolumes,
  type GuestVolume,
  type NamedDisk,
} from '../../../core/filesystem/browse/volumes.ts'
import type { ByteReader } from '../../../core/filesystem/byte-reader.ts'
import { requireInside } from '../../../core/filesystem/slice.ts'
import { fromFailure, toFailure } from '../../../core/model/error.ts'
import { AnswerBatches } from './answer-batches.ts'
import { Listings } from './listings.ts'
import { BEFORE } from './protocol.ts'
import type { DiskShape, FromReader, ItemRequest, SentAnswer, ToReader } from './protocol.ts'

/*
 * The process that parses what guests wrote. It is started with a memory limit, an empty environment
 * and no leave to touch files or start processes; the server measures it and kills it (process.ts).
 */

type Waiting = { resolve: (bytes: Buffer) => void; reject: (error: unknown) => void }

const reads = new Map<number, Waiting>()
let volumes = new GuestVolumes([])
let listings = new Listings(volumes)
let lastRead = 0
let credit = 0
let wake: (() => void) | undefined

function send(message: FromReader): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve()))
}

function diskReader({ name: disk, sizeBytes }: DiskShape): ByteReader {
  return {
    sizeBytes,
    read(offset, length) {
      requireInside(sizeBytes, offset, length)
      const id = ++lastRead
      return new Promise((resolve, reject) => {
        reads.set(id, { resolve, reject })
        void send({ read: { id, disk, offset, length } })
      })
    },
    stored: (offset, length) => ({ disk, offset, length }),
  }
}

async function* answers(request: ItemRequest): AsyncGenerator<SentAnswer> {
  if (request.kind === 'list') {
    yield* listings.list(request)
    return
  }
  if (request.kind === 'layout') {
    yield { layout: await volumeLayout(volumes, request.wanted, request.disk) }
    return
  }
  if (request.kind === 'search') {
    for await (const searched of searchVolumes(volumes, request)) yield { searched }
    return
  }
  if (request.kind === 'compare') {
    const before = new GuestVolumes(
      request.before.map((shape) => ({
        name: shape.name.slice(BEFORE.length),
        reader: diskReader(shape),
      })),
    )
    const mayDiffer = (volume: GuestVolume) => isTouched(volume, request.unlike)
    for await (const compared of compareVolumes(before, volumes, mayDiffer)) yield { compared }
    return
  }
  const paths = request.paths.map((path) => Buffer.from(path))
  for await (const part of fetchPaths(volumes, paths, request)) yield { part }
}

/** A logical volume may lie anywhere on its disks. */
function isTouched(
  { disks, partition }: GuestVolume,
  unlike: Extract<ItemRequest, { kind: 'compare' }>['unlike'],
): boolean {
  const [start, end] = partition
    ? [partition.offset, partition.offset + partition.sizeBytes]
    : [0, Infinity]
  return unlike.some(
    ({ disk, ranges }) =>
      disks.includes(disk) &&
      ranges.some(({ offset, length }) => offset < end && start < offset + length),
  )
}

async function sendAnswers(batch: readonly SentAnswer[]): Promise<void> {
  while (credit === 0) await new Promise<void>((resolve) => (wake = resolve))
  credit--
  await send({ answers: batch })
}

async function run(request: ItemRequest): Promise<void> {
  const batches = new AnswerBatches(sendAnswers)
  try {
    for await (const answer of answers(request)) await batches.add(answer)
    await batches.end()
    await send({ done: true })
  } catch (error) {
    await batches.end()
    await send({ failed: toFailure(error) })
  }
}

process.on('message', (message: ToReader) => {
  if ('disks' in message) {
    volumes = new GuestVolumes(message.disks.map(toDisk))
    listings = new Listings(volumes)
  } else if ('start' in message) {
    credit = 0
    void run(message.start)
  } else if ('more' in message) credit += message.more
  else if ('bytes' in message) take(message.bytes.id)?.resolve(Buffer.from(message.bytes.data))
  else take(message.noBytes.id)?.reject(fromFailure(message.noBytes.failure))
  wake?.()
})

function toDisk(shape: DiskShape): NamedDisk {
  return { name: shape.name, reader: diskReader(shape) }
}

function take(id: number): Waiting | undefined {
  const waiting = reads.get(id)
  reads.delete(id)
  return waiting
}

// The server is gone, however that ended: nobody is left to ask.
process.on('disconnect', () => process.exit())

/*
 * What a compression level costs and saves on real data: chunks of an image, one by one, as the agent
 * compresses them. CPU time of this thread, so that a busy machine does not count.
 *
 *   node bench/micro/levels.ts IMAGE [MEBIBYTES]      IMAGE: HOLDFAST_BENCH_DIR/data/vm.raw
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { openCodec } from '../../core/chunk/codec.ts'
import { isZero } from '../../core/chunk/zero-test.ts'
import { dataRanges } from '../../core/disk/holes.ts'

const CHUNK_BYTES = 128 * 1024
const [image = '', mebibytes = '96'] = process.argv.slice(2)
const codec = openCodec()
const room = Buffer.alloc(2 * CHUNK_BYTES)
const plain = Buffer.alloc(CHUNK_BYTES)

/** Chunks from all over the image, so that no one folder decides. */
async function sample(): Promise<Buffer[]> {
  const fd = openSync(image, 'r')
  const places: number[] = []
  for await (const { offset, length } of dataRanges(fd, statSync(image).size))
    for (let at = offset; at + CHUNK_BYTES <= offset + length; at += CHUNK_BYTES) places.push(at)
  const wanted = (Number(mebibytes) * 2 ** 20) / CHUNK_BYTES
  const step = Math.max(1, Math.floor(places.length / wanted))
  const chunks: Buffer[] = []
  for (const [i, at] of places.entries()) {
    if (i % step !== 0) continue
    const chunk = Buffer.alloc(CHUNK_BYTES)
    readSync(fd, chunk, 0, CHUNK_BYTES, at)
    if (!isZero(chunk)) chunks.push(chunk)
  }
  closeSync(fd)
  return chunks
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const chunks = await sample()
const gigabytes = (chunks.length * CHUNK_BYTES) / 1e9
// Node takes -1 for "none given", which is 3.
const LEVELS = [-5, 1, 2, 3, 5, 7]
const ROUNDS = 5

interface Taken {
  bytes: number
  squeeze: number
  unpack: number
}

const taken = new Map<string, Taken>()
// Kinds take turns and their best round counts: a neighbour's burst hits one round, not one level.
for (let round = 0; round < ROUNDS; round++) {
  for (const level of LEVELS) note(`zstd ${level}`, zstd(level))
  note('deflate 1', deflate())
}
codec.close()
console.log(`${chunks.length} chunks; CPU seconds per GB of plain bytes, best of ${ROUNDS} rounds`)
console.log('| codec | stored of plain | compress | decompress |')
console.log('| --- | --- | --- | --- |')
for (const [name, { bytes, squeeze, unpack }] of taken) {
  const share = (bytes / (gigabytes * 1e9)).toFixed(3)
  const [per, back] = [squeeze / gigabytes, unpack / gigabytes].map((s) => s.toFixed(2))
  console.log(`| ${name} | ${share} | ${per} | ${back} |`)
}

function zstd(level: number): Taken {
  const frames: Buffer[] = []
  const squeeze = cpuSeconds(() => {
    for (const chunk of chunks) {
      const length = codec.compress(chunk, room, level)
      frames.push(Buffer.from(length === 0 ? chunk : room.subarray(0, length)))
    }
  })
  const unpack = cpuSeconds(() => {
    for (const frame of frames) if (frame.length < CHUNK_BYTES) codec.decompress(frame, plain)
  })
  return { bytes: bytesOf(frames), squeeze, unpack }
}

function deflate(): Taken {
  const frames: Buffer[] = []
  const squeeze = cpuSeconds(() => {
    for (const chunk of chunks) frames.push(deflateRawSync(chunk, { level: 1 }))
  })
  const unpack = cpuSeconds(() => {
    for (const frame of frames) inflateRawSync(frame)
  })
  return { bytes: bytesOf(frames), squeeze, unpack }
}

function bytesOf(frames: readonly Buffer[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0)
}

function note(name: string, { bytes, squeeze, unpack }: Taken): void {
  const best = taken.get(name) ?? { bytes, squeeze, unpack }
  best.squeeze = Math.min(best.squeeze, squeeze)
  best.unpack = Math.min(best.unpack, unpack)
  taken.set(name, best)
}

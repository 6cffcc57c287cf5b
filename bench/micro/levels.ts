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
const [image = '', mebibytes = '384'] = process.argv.slice(2)
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
console.log(`${chunks.length} chunks; CPU seconds per GB of plain bytes`)
console.log('| codec | stored of plain | compress | decompress |')
console.log('| --- | --- | --- | --- |')
for (const level of [-5, -1, 1, 2, 3, 5, 7]) {
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
  tell(`zstd ${level}`, frames, squeeze, unpack)
}
const frames: Buffer[] = []
const squeeze = cpuSeconds(() => {
  for (const chunk of chunks) frames.push(deflateRawSync(chunk, { level: 1 }))
})
const unpack = cpuSeconds(() => {
  for (const frame of frames) inflateRawSync(frame)
})
tell('deflate 1', frames, squeeze, unpack)
codec.close()

function tell(name: string, stored: readonly Buffer[], squeezed: number, unpacked: number): void {
  const bytes = stored.reduce((sum, frame) => sum + frame.length, 0)
  const share = (bytes / (gigabytes * 1e9)).toFixed(3)
  const [per, back] = [squeezed / gigabytes, unpacked / gigabytes].map((s) => s.toFixed(2))
  console.log(`| ${name} | ${share} | ${per} | ${back} |`)
}

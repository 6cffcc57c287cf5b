/*
 * What a chunk size costs and saves, on the bench's own images: bytes that a change makes us send and
 * store, and rows of the catalog. No network, no server.
 *
 *   node bench/micro/chunk-size.ts FOLDER     FOLDER: HOLDFAST_BENCH_DIR/data, made by `npm run bench`
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openCodec } from '../../core/chunk/codec.ts'
import { isZero } from '../../core/chunk/zero-test.ts'
import { dataRanges } from '../../core/disk/holes.ts'

const SIZES = [64, 128, 256, 512].map((kib) => kib * 1024)
const MB = 1e6

interface Outcome {
  chunks: number
  sentPlain: number
  stored: number
}

const folder = process.argv[2] ?? '.'
const codec = openCodec()
const room = Buffer.alloc(600 * 1024)

async function* chunksOf(file: string, chunkBytes: number): AsyncGenerator<Buffer> {
  const fd = openSync(file, 'r')
  const buffer = Buffer.alloc(chunkBytes)
  let next = 0
  for await (const { offset, length } of dataRanges(fd, statSync(file).size)) {
    const first = Math.max(next, Math.floor(offset / chunkBytes))
    for (let index = first; index * chunkBytes < offset + length; index++) {
      next = index + 1
      const got = readSync(fd, buffer, 0, chunkBytes, index * chunkBytes)
      const chunk = buffer.subarray(0, got)
      if (!isZero(chunk)) yield chunk
    }
  }
  closeSync(fd)
}

/** What of `file` no chunk of `known` is; adds its chunks there. */
async function add(file: string, chunkBytes: number, known: Set<string>): Promise<Outcome> {
  const outcome = { chunks: 0, sentPlain: 0, stored: 0 }
  for await (const chunk of chunksOf(file, chunkBytes)) {
    const digest = createHash('sha256').update(chunk).digest().toString('latin1')
    if (known.has(digest)) continue
    known.add(digest)
    outcome.chunks++
    outcome.sentPlain += chunk.length
    outcome.stored += 80 + (codec.compress(chunk, room, 1) || chunk.length)
  }
  return outcome
}

console.log(
  '| chunk | first image stored MB | rows | 1 % changed: read MB, stored MB | second VM: read MB, stored MB |',
)
console.log('| --- | --- | --- | --- | --- |')
for (const size of SIZES) {
  const known = new Set<string>()
  const first = await add(join(folder, 'vm.raw'), size, known)
  const changed = await add(join(folder, 'vm-changed.raw'), size, new Set(known))
  const second = await add(join(folder, 'vm-second.raw'), size, new Set(known))
  const pair = (o: Outcome) => `${(o.sentPlain / MB).toFixed(0)}, ${(o.stored / MB).toFixed(0)}`
  console.log(
    `| ${size / 1024} KiB | ${(first.stored / MB).toFixed(0)} | ${first.chunks} | ${pair(changed)} | ${pair(second)} |`,
  )
}

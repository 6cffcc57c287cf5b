import { open, readdir, readFile } from 'node:fs/promises'
import { openReadPool } from '../../agent/transfer/read-pool.ts'
import { transferDisk } from '../../agent/transfer/transfer-disk.ts'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openInspectPool, type InspectedRecords } from '../../core/chunk/inspect-pool.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import { RawFile } from '../../core/disk/raw-file.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { CHUNK_BYTES, chunkCount, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'

/*
 * The block pipeline without network, catalog and packs: a raw file through the agent's workers
 * (send), on through the server's inspection (inspect), and again with the map of what is there
 * already (unchanged), in one process. Prints a JSON line for each.
 *
 *   node [flags] bench/micro/pipeline.ts FILE [LEVEL] [send,inspect,unchanged]
 */
const [path = '', level = '1', phases = 'send,inspect,unchanged'] = process.argv.slice(2)
const handle = await open(path, 'r')
const { size } = await handle.stat()
const reader = new RawFile(handle, { path, sizeBytes: size, trustHoles: true })
const disk = { name: path, format: 'raw', sizeBytes: size, rawPath: path, reader }
const pool = openReadPool()
const workers = openChunkWorkers()
const inspectPool = openInspectPool(workers)
const digests = Buffer.alloc(
  Math.ceil(chunkCount(size, CHUNK_BYTES) / PAGE_CHUNKS) * PAGE_CHUNKS * DIGEST_BYTES,
)

for (const phase of phases.split(',')) await measure(phase)
await pool.close()
await workers.close()
await reader.close()

async function measure(phase: string): Promise<void> {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const threadsBefore = await threadSeconds()
  const { readBytes, sentBytes, frames } = await run(phase)
  const wall = (performance.now() - startedAt) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  const cpuSeconds = (cpu.user + cpu.system) / 1e6
  const threads = [...(await threadSeconds())]
    .map(([task, seconds]) => round(seconds - (threadsBefore.get(task) ?? 0)))
    .sort((a, b) => b - a)
  const line = {
    phase,
    wallSeconds: round(wall),
    cpuSeconds: round(cpuSeconds),
    megabytesPerSecond: round(readBytes / 1e6 / wall),
    cpuSecondsPerGigabyte: round(cpuSeconds / (readBytes / 1e9)),
    readBytes,
    sentBytes,
    frames,
    peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
    threadSeconds: threads.slice(0, 6),
  }
  console.log(JSON.stringify(line))
}

async function run(phase: string) {
  const total = { readBytes: 0, sentBytes: 0, frames: 0 }
  const inspected: Promise<unknown>[] = []
  for await (const frame of transferDisk({
    pool,
    disk,
    ordinal: 0,
    chunkBytes: CHUNK_BYTES,
    level: Number(level),
    pages: phase === 'unchanged' ? pages() : undefined,
    throttle: new TokenBucket(systemClock, 0),
    signal: new AbortController().signal,
  })) {
    if ('diskEnd' in frame) total.readBytes = Number(frame.diskEnd.readBytes)
    if (!('records' in frame)) continue
    total.frames++
    total.sentBytes += frame.records.length
    if (phase !== 'inspect') continue
    await inspectPool.room()
    inspected.push(inspectPool.inspect(received(frame.records)).then(note))
    while (inspected.length > 8) await inspected.shift()
  }
  await Promise.all(inspected)
  return total
}

/** The network would copy here, too. */
function received(frame: Buffer): Buffer {
  const { buffer, byteOffset, length } = frame
  return Buffer.from(buffer.slice(byteOffset + FRAME_PREFIX_BYTES, byteOffset + length))
}

function note(records: InspectedRecords): void {
  for (const [at, place] of records.places.entries())
    records.digests.copy(
      digests,
      decodePlace(place).index * DIGEST_BYTES,
      at * DIGEST_BYTES,
      (at + 1) * DIGEST_BYTES,
    )
  records.release()
}

async function* pages(): AsyncIterable<MapPage__Output> {
  const bytes = PAGE_CHUNKS * DIGEST_BYTES
  for (let page = 0; page * bytes < digests.length; page++)
    yield {
      page,
      baseDigests: digests.subarray(page * bytes, (page + 1) * bytes),
      stagedPositions: [],
      stagedDigests: Buffer.alloc(0),
    }
}

/** CPU seconds by thread. */
async function threadSeconds(): Promise<Map<string, number>> {
  const seconds = new Map<string, number>()
  for (const task of await readdir('/proc/self/task')) {
    const text = await readFile(`/proc/self/task/${task}/stat`, 'utf8')
    const fields = text.split(') ')[1]?.split(' ')
    seconds.set(task, (Number(fields?.[11]) + Number(fields?.[12])) / 100)
  }
  return seconds
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

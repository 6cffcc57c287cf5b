import { open, readdir, readFile } from 'node:fs/promises'
import { openReadPool } from '../../agent/transfer/read-pool.ts'
import { transferDisk } from '../../agent/transfer/transfer-disk.ts'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openInspectPool } from '../../core/chunk/inspect-pool.ts'
import { RawFile } from '../../core/disk/raw-file.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'

/*
 * The block pipeline without network, catalog and packs: a raw file through the agent's workers
 * and the server's inspection, in one process. Prints one JSON line.
 *
 *   node [flags] bench/micro/pipeline.ts FILE [LEVEL] [send|inspect]
 */
const [path = '', level = '1', until = 'inspect'] = process.argv.slice(2)
const handle = await open(path, 'r')
const { size } = await handle.stat()
const reader = new RawFile(handle, { path, sizeBytes: size, trustHoles: true })
const disk = { name: path, format: 'raw', sizeBytes: size, rawPath: path, reader }
const pool = openReadPool()
const workers = openChunkWorkers()
const inspectPool = openInspectPool(workers)
const startedAt = performance.now()
const cpuBefore = process.cpuUsage()
let readBytes = 0
let sentBytes = 0
let frames = 0
const inspected: Promise<unknown>[] = []

for await (const frame of transferDisk({
  pool,
  disk,
  ordinal: 0,
  chunkBytes: CHUNK_BYTES,
  level: Number(level),
  pages: undefined,
  throttle: new TokenBucket(systemClock, 0),
  signal: new AbortController().signal,
})) {
  if ('diskEnd' in frame) readBytes = Number(frame.diskEnd.readBytes)
  if (!('records' in frame)) continue
  frames++
  sentBytes += frame.records.length
  if (until === 'send') continue
  await inspectPool.room()
  // The network would copy here, too.
  const records = Buffer.from(
    frame.records.buffer.slice(
      frame.records.byteOffset + FRAME_PREFIX_BYTES,
      frame.records.byteOffset + frame.records.length,
    ),
  )
  inspected.push(inspectPool.inspect(records).then((result) => result.release()))
  while (inspected.length > 8) await inspected.shift()
}
await Promise.all(inspected)

const wall = (performance.now() - startedAt) / 1000
const cpu = process.cpuUsage(cpuBefore)
const cpuSeconds = (cpu.user + cpu.system) / 1e6
console.log(
  JSON.stringify({
    wallSeconds: round(wall),
    cpuSeconds: round(cpuSeconds),
    megabytesPerSecond: round(readBytes / 1e6 / wall),
    cpuSecondsPerGigabyte: round(cpuSeconds / (readBytes / 1e9)),
    readBytes,
    sentBytes,
    frames,
    peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
    threads: await threadSeconds(),
  }),
)
await pool.close()
await workers.close()
await reader.close()

/** CPU seconds of each thread, largest first. */
async function threadSeconds(): Promise<number[]> {
  const seconds = []
  for (const task of await readdir('/proc/self/task')) {
    const fields = (await readFile(`/proc/self/task/${task}/stat`, 'utf8'))
      .split(') ')[1]
      ?.split(' ')
    seconds.push((Number(fields?.[11]) + Number(fields?.[12])) / 100)
  }
  return seconds.sort((a, b) => b - a).slice(0, 8)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

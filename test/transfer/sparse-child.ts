import { open } from 'node:fs/promises'
import { openReadPool } from '../../agent/transfer/read-pool.ts'
import { transferDisk } from '../../agent/transfer/transfer-disk.ts'
import { RawFile } from '../../core/disk/raw-file.ts'
import { CHUNK_BYTES, PAGE_CHUNKS, pageCount } from '../../core/model/geometry.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'

/*
 * Passes over the file named by the first argument, in a process of its own so that its memory can
 * be told: prints what came, and the peak.
 */
const [path = '', withMap = ''] = process.argv.slice(2)
const handle = await open(path, 'r')
const { size } = await handle.stat()
const reader = new RawFile(handle, { path, sizeBytes: size, trustHoles: true })
const pool = openReadPool()
const result = { runs: 0, records: 0, sentBytes: 0, end: {}, peakMebibytes: 0 }

/** A whole map, as large as it would come over the network. */
async function* pages(): AsyncIterable<MapPage__Output> {
  for (let page = 0; page < pageCount(size, CHUNK_BYTES); page++)
    yield {
      page,
      baseDigests: Buffer.alloc(PAGE_CHUNKS * 32, 1 + (page % 250)),
      stagedPositions: [],
      stagedDigests: Buffer.alloc(0),
    }
}

for await (const frame of transferDisk({
  pool,
  disk: { name: 'sparse', format: 'raw', sizeBytes: size, rawPath: path, reader },
  ordinal: 0,
  chunkBytes: CHUNK_BYTES,
  level: 1,
  pages: withMap === 'map' ? pages() : undefined,
  throttle: new TokenBucket(systemClock, 0),
  signal: new AbortController().signal,
})) {
  if ('runs' in frame) result.runs += frame.runs.runs?.length ?? 0
  if ('records' in frame) result.sentBytes += frame.records.length
  if ('diskEnd' in frame)
    result.end = {
      ...frame.diskEnd,
      checksum: Buffer.from(frame.diskEnd.checksum as Buffer).toString('hex'),
    }
}
result.peakMebibytes = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify(result))
await pool.close()
await reader.close()

/*
 * Hashing on the main thread or on workers: how fast, and how long the main thread is deaf meanwhile.
 * Batches of 4 MiB are handed over as memory, as claims are; kinds take turns.
 *
 *   node bench/micro/hash-threads.ts [ROUNDS]
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

const CHUNK_BYTES = 128 * 1024
const BATCH_BYTES = 4 * 1024 * 1024
const BATCHES = 256
const THREADS = [0, 1, 2, 3]

interface Taken {
  readonly rate: number[]
  readonly deafMs: number[]
}

if (isMainThread) await compare()
else
  parentPort?.on('message', (batch: ArrayBuffer) => {
    hashBatch(batch)
    parentPort?.postMessage(batch, [batch])
  })

async function compare(): Promise<void> {
  const taken = new Map<number, Taken>(THREADS.map((n) => [n, { rate: [], deafMs: [] }]))
  for (let round = 0; round < Number(process.argv[2] ?? 3); round++)
    for (const threads of THREADS) {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      const startedAt = performance.now()
      await (threads === 0 ? onMain() : onWorkers(threads))
      taken
        .get(threads)
        ?.rate.push((BATCHES * BATCH_BYTES) / 1000 / (performance.now() - startedAt))
      delay.disable()
      taken.get(threads)?.deafMs.push(delay.percentile(99) / 1e6)
    }
  console.log('| hashed by | MB/s | main thread deaf, ms at 99 % |\n| --- | --- | --- |')
  for (const [threads, { rate, deafMs }] of taken) {
    const who = threads === 0 ? 'the main thread' : `${threads} workers`
    console.log(`| ${who} | ${median(rate).toFixed(0)} | ${median(deafMs).toFixed(1)} |`)
  }
}

async function onMain(): Promise<void> {
  const batch = new ArrayBuffer(BATCH_BYTES)
  for (let n = 0; n < BATCHES; n++) {
    hashBatch(batch)
    await new Promise(setImmediate)
  }
}

async function onWorkers(threads: number): Promise<void> {
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)))
  let left = BATCHES
  await Promise.all(
    workers.map(async (worker) => {
      await once(worker, 'online')
      let batch = new ArrayBuffer(BATCH_BYTES)
      while (left-- > 0) {
        worker.postMessage(batch, [batch])
        const [back] = (await once(worker, 'message')) as [ArrayBuffer]
        batch = back
      }
      await worker.terminate()
    }),
  )
}

function hashBatch(batch: ArrayBuffer): void {
  for (let at = 0; at < batch.byteLength; at += CHUNK_BYTES)
    createHash('sha256')
      .update(new Uint8Array(batch, at, CHUNK_BYTES))
      .digest()
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

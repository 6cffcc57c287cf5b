import { setTimeout as wait } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { NbdClient } from '../../core/nbd/client.ts'

/*
 * Writes at a steady pace, in a thread that does nothing else, until it is told to stop; answers with
 * the latency of each write in milliseconds.
 */
const BLOCK = 4096
const { socket, disk, rangeBytes, perSecond } = workerData as {
  readonly socket: string
  readonly disk: string
  readonly rangeBytes: number
  readonly perSecond: number
}
let isDone = false
parentPort?.on('message', () => (isDone = true))

const guest = await NbdClient.connect({ path: socket }, { exportName: disk })
const latencies: number[] = []
const pending: Promise<void>[] = []
const begun = performance.now()
for (let n = 0; !isDone; n++) {
  const due = begun + (n * 1000) / perSecond
  await wait(Math.max(0, due - performance.now()))
  const at = ((n * 2654435761) % (rangeBytes / BLOCK)) * BLOCK
  const started = performance.now()
  pending.push(
    guest
      .write(at, Buffer.alloc(BLOCK, (n % 255) + 1))
      .then(() => void latencies.push(performance.now() - started)),
  )
}
await Promise.all(pending)
await guest.close()
parentPort?.postMessage(latencies)
parentPort?.close()

import { parentPort, workerData } from 'node:worker_threads'
import { runRounds, type Rounds } from './rounds.ts'

/** What the pool looks at to see that a round ends: its number. */
const { current } = workerData as { current: Int32Array }

parentPort?.on('message', (rounds: Rounds) => {
  const begin = (round: number) => void Atomics.store(current, 0, round + 1)
  void runRounds(rounds, begin).then(
    (result) =>
      parentPort?.postMessage({ ...result, arrayBytes: process.memoryUsage().arrayBuffers }),
    (error: unknown) => {
      const failure = { round: rounds.from, message: String(error) }
      parentPort?.postMessage({ opened: 0, failures: [failure], arrayBytes: 0 })
    },
  )
})

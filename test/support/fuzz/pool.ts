import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Rounds, RoundsResult } from './rounds.ts'

/** No round takes a tenth of this on a busy machine. */
const ROUND_MS = 60_000
const LOOK_MS = 1000
const HEAP_MIB = 256
const MOST_ARRAY_BYTES = 512 * 2 ** 20

export type PoolResult = RoundsResult & { readonly rounds: Rounds }

/** Runs all of them on as many threads as there are processors; rounds without end are failures. */
export async function runPool(all: readonly Rounds[]): Promise<PoolResult[]> {
  const waiting = [...all]
  const results: PoolResult[] = []
  const lane = async () => {
    let runner = new Runner()
    for (let rounds = waiting.shift(); rounds; rounds = waiting.shift()) {
      const result = await runner.run(rounds)
      results.push({ ...result, rounds })
      if (result.failures.length > 0) runner = await runner.renewed()
    }
    await runner.end()
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, lane))
  return results
}

class Runner {
  readonly #current = new Int32Array(new SharedArrayBuffer(4))
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { current: this.#current },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  })

  run(rounds: Rounds): Promise<RoundsResult> {
    const { promise, resolve } = Promise.withResolvers<RoundsResult>()
    const failed = (message: string) => {
      const round = Atomics.load(this.#current, 0) - 1
      resolve({ opened: 0, failures: [{ round, message }] })
    }
    const watch = this.#watch(() => failed(`a round took longer than ${ROUND_MS} ms`))
    const onError = (error: unknown) => failed(String(error))
    const onMessage = (result: RoundsResult & { arrayBytes: number }) => {
      if (result.arrayBytes > MOST_ARRAY_BYTES) failed(`${result.arrayBytes} bytes were kept`)
      else resolve(result)
    }
    this.#worker.on('error', onError).on('message', onMessage)
    this.#worker.postMessage(rounds)
    return promise.finally(() => {
      clearInterval(watch)
      this.#worker.off('error', onError).off('message', onMessage)
    })
  }

  async renewed(): Promise<Runner> {
    await this.end()
    return new Runner()
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #watch(hangs: () => void): NodeJS.Timeout {
    let seen = 0
    let since = performance.now()
    return setInterval(() => {
      const now = Atomics.load(this.#current, 0)
      if (now !== seen) since = performance.now()
      seen = now
      if (performance.now() - since > ROUND_MS) hangs()
    }, LOOK_MS)
  }
}

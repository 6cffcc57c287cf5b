import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { openDatabase } from '../../server/catalog/database.ts'
import { collect, COLLECT_TIMES } from '../../server/flows/collect.ts'
import { compact } from '../../server/flows/compact.ts'
import { openLocalStore } from '../../server/store/local-store.ts'

/** Run by tests as a process that a failpoint kills: `node collect-process.ts URL FOLDER FENCE`. */
const [url = '', folder = '', fence = '{}'] = process.argv.slice(2)
const database = await openDatabase({ url, log: silentLogger, durable: false })
const store = await openLocalStore({ folders: [folder], reserveBytes: 0 })
const deps = {
  database,
  store,
  clock: systemClock,
  log: silentLogger,
  random: systemRandom,
  fence: JSON.parse(fence) as { job: string; epoch: number },
  signal: new AbortController().signal,
}
await collect(deps, COLLECT_TIMES)
await compact(deps)

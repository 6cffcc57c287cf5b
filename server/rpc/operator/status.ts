import { toHoldfastError } from '../../../core/model/error.ts'
import { VERSION } from '../../../core/model/release.ts'
import { countActiveAlerts } from '../../catalog/alerts-view.ts'
import { readCatalogStatus, type CatalogStatus } from '../../catalog/status.ts'
import { readPackFigures } from '../../catalog/storage.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import type { OperatorDeps } from './deps.ts'

type StatusHandlers = Pick<OperatorHandlers, 'getStatus'>

/** Answers also while the database or the store is away: that is when people ask. */
export function statusHandlers(deps: OperatorDeps): StatusHandlers {
  const startedAt = new Date(deps.clock.now()).toISOString()
  return {
    getStatus: async () => {
      const database = await readDatabase(deps)
      const store = await readStore(deps)
      const problems = [...modeProblems(deps), ...database.problems, ...store.problems]
      const { hosts, sources } = database
      return {
        ok: problems.length === 0,
        server: {
          id: deps.serverId,
          version: VERSION,
          startedAt,
          mode: deps.mode.name,
          modeReason: deps.mode.name === 'normal' ? '' : deps.mode.reason,
        },
        database: database.shape,
        store: store.shape,
        ...{ hosts, sources, alerts: database.alerts, problems },
      }
    },
  }
}

function modeProblems({ mode }: OperatorDeps): string[] {
  return mode.name === 'normal' ? [] : [`the server is read-only: ${mode.reason}`]
}

const NOTHING: CatalogStatus = {
  databaseVersion: '',
  databaseBytes: 0,
  hosts: { online: 0, unreachable: 0, total: 0 },
  sources: { protected: 0, unprotected: 0, late: 0 },
  problems: [],
}

async function readDatabase({ database, embedded }: OperatorDeps) {
  let status = NOTHING
  let alerts = 0
  const problems: string[] = []
  try {
    status = await readCatalogStatus(database)
    alerts = await countActiveAlerts(database)
  } catch (error) {
    problems.push(`the database does not answer: ${toHoldfastError(error).message}`)
  }
  const ok = problems.length === 0
  const shape = { ok, version: status.databaseVersion, embedded, sizeBytes: status.databaseBytes }
  const { hosts, sources } = status
  return { shape, hosts, sources, alerts, problems: [...problems, ...status.problems] }
}

async function readStore({ database, store }: OperatorDeps) {
  const problems: string[] = []
  let freeBytes = 0
  let stored = { storedBytes: 0, oldestUnverifiedAt: null as string | null }
  try {
    const volumes = await store.volumes()
    for (const { path, state, freeBytes: free } of volumes) {
      freeBytes += free
      if (state !== 'writable') problems.push(`volume ${path} is ${state}`)
    }
    if (volumes.length === 0) problems.push('the store has no volume')
    else await store.chooseVolume() // throws when no volume has room for a pack more
  } catch (error) {
    problems.push(toHoldfastError(error).message)
  }
  try {
    stored = await readPackFigures(database)
  } catch {
    // The database's own problem is told already.
  }
  const { storedBytes, oldestUnverifiedAt } = stored
  const ok = problems.length === 0
  const shape = { ok, id: store.storeId, storedBytes, freeBytes }
  return { shape: { ...shape, ...withoutAbsent({ oldestUnverifiedAt }) }, problems }
}

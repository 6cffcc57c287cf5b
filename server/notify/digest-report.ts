import { listAlerts, type AlertView } from '../catalog/alerts-view.ts'
import type { Queryable } from '../catalog/database.ts'
import { endedJobs, type EndedJobs } from '../catalog/ended-jobs.ts'
import { listFreeSources } from '../catalog/group-members.ts'
import { readCatalogStatus, type CatalogStatus } from '../catalog/status.ts'
import { readPackFigures } from '../catalog/storage.ts'
import type { VolumeSpace } from '../store/chunk-store.ts'

/** A day of the whole, also where all is well: that nothing comes would say nothing. */
export interface DigestReport {
  readonly at: string
  readonly ok: boolean
  readonly problems: readonly string[]
  readonly hosts: CatalogStatus['hosts']
  readonly sources: CatalogStatus['sources']
  /** Names of what is in no group; the first ones. */
  readonly unprotected: readonly string[]
  readonly alerts: readonly AlertView[]
  readonly jobs: readonly EndedJobs[]
  readonly volumes: readonly Pick<VolumeSpace, 'path' | 'state' | 'totalBytes' | 'freeBytes'>[]
  readonly storedBytes: number
  readonly oldestUnverifiedAt: string | null
}

const NAMED = 50

export async function readDigest(
  q: Queryable,
  volumes: readonly VolumeSpace[],
  now: Date,
): Promise<DigestReport> {
  const { problems, hosts, sources } = await readCatalogStatus(q)
  const free = await listFreeSources(q)
  const { storedBytes, oldestUnverifiedAt } = await readPackFigures(q)
  const alerts = (await listAlerts(q, { all: false })).filter(
    ({ severity }) => severity !== 'informational',
  )
  return {
    ...{ at: now.toISOString(), problems, hosts, sources, alerts, storedBytes, oldestUnverifiedAt },
    ok: problems.length === 0 && alerts.length === 0 && sources.late === 0,
    unprotected: free.slice(0, NAMED).map(({ name }) => name),
    jobs: await endedJobs(q),
    volumes: volumes.map(({ path, state, totalBytes, freeBytes }) => ({
      ...{ path, state, totalBytes, freeBytes },
    })),
  }
}

import { toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Random } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../catalog/alerts.ts'
import { readAuditHead } from '../catalog/audit.ts'
import { SNAPSHOT_TABLES } from '../catalog/rebuild.ts'
import { fingerprintTables } from '../catalog/table-fingerprint.ts'
import type { Database } from '../catalog/database.ts'
import { writeCatalogSnapshot } from '../flows/catalog-snapshot.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { readBesideCatalog } from './beside-catalog.ts'

export interface KeepSnapshotsDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly dataFolder: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

const LOOK_EVERY_MS = 2000
/** The audit log's head changes with every act of anybody; it alone is no reason to seal at once. */
const HEAD_EVERY_MS = 30_000

/** Columns that change all the time and that a rebuild does not need. */
const PASSING = [
  'last_seen_at',
  'session',
  'warnings',
  'clock_ahead_seconds',
  'replica_state',
  'replica_reason',
  'last_sequence',
  'points_until',
  'syncs_until',
  'checks_until',
  'checks',
  'next_check',
  // An older audit only means that more is in doubt.
  'audited_at',
  'audited_sequence',
]

const TABLES = SNAPSHOT_TABLES.filter((name) => name !== 'audit_head')

/** Seals a snapshot into the store whenever what it holds has changed. Gives how to stop. */
export function keepSnapshots(deps: KeepSnapshotsDeps): () => Promise<void> {
  const stopped = new AbortController()
  const loop = async () => {
    let sealed: Sealed = { rest: '', head: '', at: 0 }
    while (!stopped.signal.aborted) {
      sealed = await sealIfChanged(deps, sealed, HEAD_EVERY_MS)
      await deps.clock.sleep(LOOK_EVERY_MS, stopped.signal).catch(() => {})
    }
    await sealIfChanged(deps, sealed, 0)
  }
  const running = loop()
  return async () => {
    stopped.abort()
    await running
  }
}

/** What the last snapshot held, and when it was written. */
interface Sealed {
  readonly rest: string
  readonly head: string
  readonly at: number
}

async function sealIfChanged(
  deps: KeepSnapshotsDeps,
  sealed: Sealed,
  headEveryMs: number,
): Promise<Sealed> {
  try {
    const now = { ...(await fingerprint(deps.database)), at: deps.clock.monotonic() }
    const headIsDue = now.head !== sealed.head && now.at - sealed.at >= headEveryMs
    if (now.rest === sealed.rest && !headIsDue) return sealed
    await writeCatalogSnapshot(deps, await readBesideCatalog(deps.dataFolder))
    await resolveAlert(deps.database, 'catalog-snapshot-failed', 'server')
    return now
  } catch (error) {
    const reason = toHoldfastError(error).message
    deps.log.warn('the catalog snapshot was not written', { reason })
    await tell(deps, reason)
    return sealed
  }
}

async function tell({ database, random, log }: KeepSnapshotsDeps, reason: string): Promise<void> {
  try {
    await raiseAlert(database, random, {
      ...{ type: 'catalog-snapshot-failed', severity: 'critical', object: 'server' },
      cause: `groups, operators and hosts could not be sealed into the store: ${reason}`,
      action:
        'Look at the volumes (`holdfast storage status`). Until it works, a rebuild after the loss of the catalog would bring back older ones.',
      occurrence: reason,
    })
  } catch (error) {
    log.warn('nor was an alert of it', { reason: toHoldfastError(error).message })
  }
}

async function fingerprint(database: Database): Promise<Pick<Sealed, 'rest' | 'head'>> {
  const head = await readAuditHead(database)
  return {
    rest: await fingerprintTables(database, TABLES, PASSING),
    head: head.hash.toString('hex'),
  }
}

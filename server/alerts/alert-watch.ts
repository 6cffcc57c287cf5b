import { toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Random } from '../../core/runtime/random.ts'
import { forgetAlerts } from '../catalog/alerts.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import type { ServerMode } from '../flows/server-mode.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { settleFailedTransfers } from './failed-transfers.ts'
import { ChangeJudge } from './judge-changes.ts'
import { reconcile } from './reconcile.ts'
import type { Look } from './rule.ts'
import { RULES } from './rules.ts'

export interface AlertWatchDeps {
  readonly database: Database
  readonly store: Pick<ChunkStore, 'storeId' | 'volumes'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly mode: ServerMode
  readonly catalogSpace: () => Promise<Look['catalogSpace']>
  readonly certificates: () => Promise<Look['certificates']>
  /** How long alerts that are over are kept. */
  readonly historyMs: number
}

/**
 * Looks once a minute at everything that alerts are about. Each step is a transaction of its own; one
 * that fails is logged, and the others go on.
 */
export class AlertWatch {
  readonly #d: AlertWatchDeps
  readonly #judge = new ChangeJudge()
  readonly #startedAt: number
  #looking: Promise<void> = Promise.resolve()

  constructor(deps: AlertWatchDeps) {
    this.#d = deps
    this.#startedAt = deps.clock.monotonic()
  }

  /** One look; a further one waits for it. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookOnce())
    return this.#looking
  }

  async #lookOnce(): Promise<void> {
    const { random, clock, historyMs } = this.#d
    const seen = await this.#step('what lies beside the catalog', () => this.#besides())
    if (!seen) return
    for (const rule of RULES)
      await this.#inCatalog(rule.type, (q) => reconcile({ ...seen, q }, random, rule))
    await this.#inCatalog('failed transfers', (q) => settleFailedTransfers(q, random))
    await this.#inCatalog('changes', (q) => this.#judge.look(q, random))
    await this.#inCatalog('history', (q) => forgetAlerts(q, new Date(clock.now() - historyMs)))
  }

  async #besides(): Promise<Omit<Look, 'q'>> {
    const { clock, store, mode, catalogSpace, certificates } = this.#d
    return {
      now: new Date(clock.now()),
      watchedMs: clock.monotonic() - this.#startedAt,
      storeId: store.storeId,
      mode,
      volumes: await store.volumes(),
      catalogSpace: await catalogSpace(),
      certificates: await certificates(),
    }
  }

  #inCatalog(name: string, run: (q: Queryable) => Promise<void>): Promise<void> {
    return this.#step(name, () => this.#d.database.tx(run))
  }

  async #step<T>(name: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run()
    } catch (error) {
      const reason = toHoldfastError(error).message
      this.#d.log.error('alerts could not be looked at', { step: name, reason })
      return undefined
    }
  }
}

import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { JobKind } from '../../core/model/state.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import {
  claimJob,
  extendLeases,
  listQueuedJobs,
  requeueJobs,
  type JobRow,
} from '../catalog/jobs.ts'
import type { CatalogLock } from '../catalog/only-server.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import type { JobLimits } from '../limits.ts'
import { GroupRates } from './group-rates.ts'
import type { JobNews } from './job-news.ts'
import { orderOf } from './orders.ts'
import { endRun, failed } from './outcome.ts'
import type { JobResult } from '../catalog/job-results.ts'
import { hasSlot, hostsWithSlots } from './slots.ts'
import type { AgentPort, Work } from './work.ts'

/** Runs one job of the server's own. */
export type ServerRunner = (job: JobRow, signal: AbortSignal) => Promise<ServerResult>

export interface ServerResult {
  readonly result: JobResult
  readonly warnings: readonly string[]
}

export interface DispatcherDeps {
  readonly database: Database
  readonly agents: AgentPort & {
    /** Those that are connected. */
    hosts(): readonly string[]
  }
  readonly clock: Clock
  readonly log: Logger
  /** Names this process in leases: `<server id>:<random>`. */
  readonly holder: string
  /** A server that lost the catalog while it slept must not take what another has by now. */
  readonly lock: Pick<CatalogLock, 'backend'>
  readonly limits: JobLimits
  readonly news: Pick<JobNews, 'tell'>
  readonly runners: Readonly<Partial<Record<JobKind, ServerRunner>>>
}

const TICK_MS = 1000
const LEASE_MS = 30_000
/** How long an agent may be out of sight before its jobs wait for another run. */
const GRACE_MS = 20_000
const LOOK_AT = 200
/** Runs of one job, each cut by the end of an agent or a server, before it is given up. */
const ATTEMPTS = 20

/**
 * Claims queued jobs and hands them to agents or to the server's own runners. A lease says who runs
 * a job; the epoch makes whoever lost it harmless.
 */
export class Dispatcher {
  readonly #d: DispatcherDeps
  readonly #running = new Map<
    string,
    { host: string | null; stop: AbortController; kind: JobKind }
  >()
  readonly #rates: GroupRates
  readonly #lostAt = new Map<string, number>()
  readonly #stopped = new AbortController()
  #wake: () => void = () => {}
  #loop: Promise<void> = Promise.resolve()

  constructor(deps: DispatcherDeps) {
    this.#d = deps
    this.#rates = new GroupRates(deps.database, deps.agents, deps.clock)
  }

  start(): void {
    this.#loop = this.#run()
  }

  wake(): void {
    this.#wake()
  }

  /** A new process of the agent runs none of the jobs that the last one had. */
  async agentConnected(host: string, isNewProcess: boolean): Promise<void> {
    this.#lostAt.delete(host)
    if (isNewProcess) await this.#requeueOf(host)
    this.wake()
  }

  agentLost(host: string): void {
    this.#lostAt.set(host, this.#d.clock.monotonic())
  }

  /** Starts nothing more, and stops the server's own runs. What agents send may still be kept. */
  async stop(): Promise<void> {
    this.#stopped.abort(new HoldfastError('job-interrupted', 'the server is stopping'))
    for (const { stop } of this.#running.values()) stop.abort(this.#stopped.signal.reason)
    this.wake()
    await this.#loop
  }

  /** What has not ended goes back to the queue; from here on its runs are fenced off. */
  async giveBack(): Promise<void> {
    const mine = [...this.#running.keys()]
    if (mine.length > 0) await requeueJobs(this.#d.database, { ids: mine })
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#tick()
      } catch (error) {
        // The database may be away for a while; jobs wait.
        this.#d.log.warn('jobs cannot be dispatched', { reason: toHoldfastError(error).message })
      }
      await this.#pause()
    }
  }

  async #pause(): Promise<void> {
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    if (this.#stopped.signal.aborted) return
    await this.#d.clock.sleep(TICK_MS, woken.signal).catch(() => {})
  }

  async #tick(): Promise<void> {
    await this.#giveUpLostAgents()
    await this.#forgetEnded()
    await extendLeases(this.#d.database, [...this.#running.keys()], this.#d.holder, LEASE_MS)
    await requeueJobs(this.#d.database, 'expired')
    await this.#rates.look([...this.#running.keys()])
    const online = this.#d.agents.hosts()
    const free = hostsWithSlots(this.#d.limits, this.#running.values(), online)
    for (const job of await listQueuedJobs(this.#d.database, { online, free }, LOOK_AT))
      await this.#offer(job)
  }

  async #giveUpLostAgents(): Promise<void> {
    const now = this.#d.clock.monotonic()
    for (const [host, at] of this.#lostAt)
      if (now - at > GRACE_MS) {
        this.#lostAt.delete(host)
        await this.#requeueOf(host)
      }
  }

  async #requeueOf(host: string): Promise<void> {
    const ids = [...this.#running].filter(([, job]) => job.host === host).map(([id]) => id)
    if (ids.length === 0) return
    await requeueJobs(this.#d.database, { ids })
    for (const id of ids) this.#running.delete(id)
    this.#d.log.warn('jobs were interrupted', { host, jobs: ids })
  }

  /** Jobs of agents end by a report or by their commit; cancelled ones are told to the agent. */
  async #forgetEnded(): Promise<void> {
    const rows = await this.#d.database.query<{ id: string; cancelReason: string | null }>(
      `SELECT id, cancel_reason AS "cancelReason" FROM job
        WHERE id = ANY($1) AND state = 'running' AND holder = $2`,
      [[...this.#running.keys()], this.#d.holder],
    )
    const alive = new Map(rows.map((row) => [row.id, row.cancelReason]))
    for (const [id, job] of this.#running) {
      const reason = alive.get(id)
      if (reason === undefined) this.#running.delete(id)
      else if (reason !== null) this.#cancel(id, job, reason)
    }
  }

  #cancel(id: string, job: { host: string | null; stop: AbortController }, reason: string): void {
    if (job.host === null) job.stop.abort(new HoldfastError('job-cancelled', reason))
    else this.#d.agents.send(job.host, { cancel: { job: id, reason } })
  }

  async #claim(job: string): Promise<JobRow | undefined> {
    const backend = this.#d.lock.backend()
    if (backend === undefined) return undefined
    return claimJob(this.#d.database, job, this.#d.holder, LEASE_MS, backend)
  }

  async #offer(job: JobRow): Promise<void> {
    if (this.#stopped.signal.aborted) return
    if (job.host === null) return this.#offerServer(job)
    if (!hasSlot(this.#d.limits, this.#running.values(), job.kind, job.host)) return
    if (!this.#d.agents.online(job.host)) return
    const claimed = await this.#claim(job.id)
    if (!claimed) return
    if (claimed.attempt <= ATTEMPTS) return this.#handOver(claimed, job.host)
    const why = `it was interrupted ${ATTEMPTS} times`
    const hint = 'Look into the logs of agent and server; what arrived is staged for the next job.'
    await endRun(
      this.#d.database,
      claimed,
      failed(new HoldfastError('job-interrupted', why, { hint })),
    )
  }

  async #handOver(job: JobRow, host: string): Promise<void> {
    this.#running.set(job.id, { host, stop: new AbortController(), kind: job.kind })
    try {
      const order = await this.#d.database.tx(async (q) => {
        await noteStart(q, job)
        return orderOf(q, job, this.#d.clock.now())
      })
      this.#rates.began(job.id, rateOf(order))
      if (this.#d.agents.send(host, order)) return
      await requeueJobs(this.#d.database, { ids: [job.id] })
    } catch (error) {
      await endRun(this.#d.database, job, failed(error))
    }
    this.#running.delete(job.id)
  }

  /** One of a kind at a time: they use the whole store. */
  async #offerServer(job: JobRow): Promise<void> {
    const runner = this.#d.runners[job.kind]
    const own = [...this.#running.values()].filter(({ host }) => host === null)
    if (!runner || own.some(({ kind }) => kind === job.kind)) return
    const claimed = await this.#claim(job.id)
    if (!claimed) return
    const stop = new AbortController()
    this.#running.set(job.id, { host: null, stop, kind: job.kind })
    void this.#runHere(claimed, runner, stop.signal).finally(() => {
      this.#running.delete(job.id)
      this.#d.news.tell(job.id)
      this.wake()
    })
  }

  async #runHere(job: JobRow, runner: ServerRunner, signal: AbortSignal): Promise<void> {
    try {
      const { result, warnings } = await runner(job, signal)
      const state = warnings.length > 0 ? 'completed-with-warnings' : 'completed'
      await endRun(this.#d.database, job, { state, result, warnings })
    } catch (error) {
      await this.#endFailed(job, error, signal)
    }
  }

  async #endFailed(job: JobRow, error: unknown, signal: AbortSignal): Promise<void> {
    if (this.#stopped.signal.aborted) return // it waits for the next start
    const cancelled = signal.aborted
    if (!cancelled) this.#d.log.error('job failed', { job: job.id, reason: String(error) })
    const end = cancelled ? { state: 'cancelled' as const } : failed(error)
    await endRun(this.#d.database, job, end).catch((lost: unknown) => {
      this.#d.log.error('the end of a job could not be recorded', {
        job: job.id,
        reason: String(lost),
      })
    })
  }
}

function rateOf(order: Work): number {
  if ('transfer' in order) return order.transfer.jobBytesPerSecond
  if ('restore' in order) return order.restore.bytesPerSecond
  return 'items' in order ? order.items.bytesPerSecond : 0
}

async function noteStart(q: Queryable, job: JobRow): Promise<void> {
  const state = { 'initial-replication': 'initializing', 'consistency-check': 'checking' }[
    job.kind as string
  ]
  if (state === undefined) return
  await q.query(`UPDATE data_source SET replica_state = $2 WHERE id = $1`, [job.dataSource, state])
}

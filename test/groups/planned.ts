import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { DEFAULT_SETTINGS, type GroupSettings } from '../../core/model/group/settings.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Database } from '../../server/catalog/database.ts'
import { saveGroup } from '../../server/flows/groups/save-group.ts'
import type { ServerMode } from '../../server/flows/server-mode.ts'
import { Schedule } from '../../server/jobs/schedule/schedule.ts'
import type { ScheduleDeps } from '../../server/jobs/schedule/schedule-deps.ts'
import type { CatalogRows } from '../support/catalog-rows.ts'
import { startService } from '../operator/service.ts'
import type { LocalStore } from '../../server/store/local-store.ts'

export interface JobSeen {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly source: string
}

/** Schedules on a real catalog and a real store, with a clock that tests move and agents that they play. */
export class Planned {
  readonly database: Database
  readonly rows: CatalogRows
  readonly store: LocalStore
  readonly schedules: Schedule[] = []
  readonly host: string
  /** What the wall clock shows. */
  now: number
  /** What steady time went by besides. */
  steady = 0

  private constructor(
    service: { database: Database; rows: CatalogRows; store: LocalStore },
    host: string,
    now: number,
  ) {
    Object.assign(this, service)
    this.database = service.database
    this.rows = service.rows
    this.store = service.store
    this.host = host
    this.now = now
  }

  static async create(t: TestContext, start: string, servers = 1): Promise<Planned> {
    const service = await startService(t)
    const host = await service.rows.host('alpha')
    const planned = new Planned(service, host, Date.parse(start))
    for (let i = 0; i < servers; i++) planned.addServer()
    return planned
  }

  get clock(): Clock {
    return { ...systemClock, now: () => this.now, monotonic: () => this.steady }
  }

  get deps() {
    const { database, store, clock } = this
    return { database, store, clock, random: systemRandom, undoMs: 72 * 3_600_000 }
  }

  get scheduleDeps(): ScheduleDeps {
    return {
      ...this.deps,
      ...{ log: silentLogger, mode: { name: 'normal' }, wake: () => {}, timeZone: 'UTC' },
      historyMs: 33 * 24 * 3_600_000,
    }
  }

  addServer(mode: ServerMode = { name: 'normal' }): Schedule {
    const schedule = new Schedule({ ...this.scheduleDeps, mode })
    this.schedules.push(schedule)
    return schedule
  }

  /** A data source with a disk that can be protected; replicated already unless told otherwise. */
  async source(name: string, replicated = true): Promise<string> {
    const id = await this.rows.source(this.host, name)
    await this.rows.disk(id, name, { sizeBytes: 1 << 20 })
    if (replicated) await this.rows.version(id, [])
    return id
  }

  async group(name: string, settings: Partial<GroupSettings>, members: readonly string[]) {
    const wish = {
      ...{ name, create: true, add: members, remove: [], removedPoints: 'keep' as const },
      settings: { ...DEFAULT_SETTINGS, ...settings },
    }
    return (await saveGroup(this.deps, wish, 'ann')).group
  }

  /** Time goes by: the wall clock and the steady one. All servers look. */
  async at(time: string | number): Promise<void> {
    const to = typeof time === 'string' ? Date.parse(time) : time
    this.steady += to - this.now
    this.now = to
    await this.look()
  }

  /** The wall clock alone is moved. */
  async jump(time: string): Promise<void> {
    this.now = Date.parse(time)
    await this.look()
  }

  async look(): Promise<void> {
    await Promise.all(this.schedules.map((schedule) => schedule.tick()))
  }

  /** Jobs of data sources, in the order in which they were asked for. */
  async jobs(): Promise<JobSeen[]> {
    return this.database.query(
      `SELECT j.id, j.kind, j.state, s.name AS source FROM job j
         JOIN data_source s ON s.id = j.data_source ORDER BY j.queued_at, j.id`,
    )
  }

  /** Of what is open now: `name kind`, sorted. */
  async open(): Promise<string[]> {
    const jobs = (await this.jobs()).filter(
      ({ state }) => state === 'queued' || state === 'running',
    )
    return jobs.map(({ source, kind }) => `${source} ${kind}`).sort()
  }

  async run(): Promise<void> {
    await this.database.query(`UPDATE job SET state = 'running' WHERE state = 'queued'`)
  }

  /** The agent has done all that is open; a point bears the time of the clock. */
  async complete(): Promise<void> {
    const jobs = await this.database.query<{ id: string; kind: string; source: string }>(
      `SELECT id, kind, data_source AS source FROM job
        WHERE state IN ('queued', 'running') AND data_source IS NOT NULL`,
    )
    for (const { id, kind, source } of jobs) {
      const version = await this.rows.version(source, [])
      if (kind === 'recovery-point' || kind === 'initial-replication') {
        const point = await this.rows.point(source, version)
        await this.database.query(`UPDATE recovery_point SET created_at = $2 WHERE id = $1`, [
          point,
          new Date(this.now),
        ])
      }
      await this.end(id, 'completed')
    }
  }

  /** All that is open fails. */
  async fail(message = 'the disk is away'): Promise<void> {
    for (const { id, state } of await this.jobs())
      if (state === 'queued' || state === 'running') await this.end(id, 'failed', message)
  }

  async end(id: string, state: string, message?: string): Promise<void> {
    const rows = await this.database.query(
      `UPDATE job SET state = $2, finished_at = now(), error = $3 WHERE id = $1 RETURNING id`,
      [id, state, message === undefined ? null : JSON.stringify({ code: 'internal', message })],
    )
    assert.equal(rows.length, 1)
  }

  async dues(source: string): Promise<string[]> {
    const rows = await this.database.query<{ kind: string; at: Date; state: string; why: string }>(
      `SELECT kind, due_at AS at, state, coalesce(': ' || reason, '') AS why FROM due
        WHERE data_source = $1 ORDER BY due_at, kind`,
      [source],
    )
    return rows.map(
      ({ kind, at, state, why }) => `${kind} ${at.toISOString().slice(5, 16)} ${state}${why}`,
    )
  }

  async alerts(): Promise<string[]> {
    const rows = await this.database.query<{ type: string }>(
      `SELECT type FROM alert WHERE state = 'active' ORDER BY type`,
    )
    return rows.map(({ type }) => type)
  }

  async setReplica(source: string, state: string, reason: string | null = null): Promise<void> {
    await this.database.query(
      `UPDATE data_source SET replica_state = $2, replica_reason = $3 WHERE id = $1`,
      [source, state, reason],
    )
  }

  async points(source: string): Promise<string[]> {
    const rows = await this.database.query<{ at: Date }>(
      `SELECT created_at AS at FROM recovery_point
        WHERE data_source = $1 AND state <> 'deleted' ORDER BY created_at`,
      [source],
    )
    return rows.map(({ at }) => at.toISOString().slice(0, 16))
  }
}

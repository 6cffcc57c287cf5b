import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { CatalogFigures } from '../../catalog/metrics.ts'

/** Space of the store's volumes, as the file systems tell it. */
export interface VolumeFigures {
  readonly path: string
  readonly totalBytes: number
  readonly freeBytes: number
}

/** Everything is read anew with each page: a figure that is gone does not linger. */
export class MetricsPage {
  readonly #process = new Registry()

  constructor() {
    // Memory, processor time and the event loop's lag of this server process.
    collectDefaultMetrics({ register: this.#process, prefix: 'holdfast_server_' })
    // Gauges named as if they were counters, and nothing that anybody asks for.
    for (const name of ['handles', 'requests', 'resources'])
      this.#process.removeSingleMetric(`holdfast_server_nodejs_active_${name}_total`)
  }

  get contentType(): string {
    return this.#process.contentType
  }

  async write(figures: CatalogFigures, volumes: readonly VolumeFigures[]): Promise<string> {
    const page = new Registry()
    writeSources(page, figures)
    writeJobs(page, figures)
    writeStore(page, figures, volumes)
    return (await page.metrics()) + (await this.#process.metrics())
  }
}

function writeSources(page: Registry, { sources, hosts, alerts, notices }: CatalogFigures): void {
  const age = gauge(page, 'source_last_good_point_age_seconds', 'Age of the newest good point', [
    'source',
  ])
  const points = gauge(page, 'source_points', 'Recovery points that are there', ['source'])
  const replica = gauge(page, 'source_replica_state', '1 for the state that the replica is in', [
    'source',
    'state',
  ])
  for (const { source, replicaState, pointSeconds, points: count } of sources) {
    if (pointSeconds !== null) age.set({ source }, pointSeconds)
    points.set({ source }, count)
    replica.set({ source, state: replicaState }, 1)
  }
  const agents = gauge(page, 'hosts', 'Enrolled hosts by state', ['state'])
  for (const { word, count } of hosts) agents.set({ state: word }, count)
  const active = gauge(page, 'alerts', 'Active alerts by severity', ['severity'])
  for (const { word, count } of alerts) active.set({ severity: word }, count)
  gauge(page, 'notices_waiting', 'Notices of alerts that are not sent yet').set(notices.waiting)
  gauge(page, 'notices_failing', 'Of those, which could not be sent').set(notices.failing)
}

function writeJobs(page: Registry, { jobs }: CatalogFigures): void {
  const labels = ['kind', 'state']
  const count = gauge(page, 'jobs', 'Jobs that are not over, or ended within a day', labels)
  const longest = gauge(page, 'job_longest_seconds', 'The longest of them', labels)
  const bytes = gauge(page, 'job_done_bytes', 'Bytes that they have done', labels)
  for (const { kind, state, count: all, seconds, doneBytes } of jobs) {
    count.set({ kind, state }, all)
    longest.set({ kind, state }, seconds)
    bytes.set({ kind, state }, doneBytes)
  }
}

function writeStore(
  page: Registry,
  figures: CatalogFigures,
  volumes: readonly VolumeFigures[],
): void {
  gauge(page, 'store_bytes', 'Bytes in packs').set(figures.storedBytes)
  gauge(page, 'store_damaged_chunks', 'Chunks found unlike their digest').set(figures.damagedChunks)
  gauge(page, 'catalog_bytes', 'Size of the database').set(figures.databaseBytes)
  if (figures.unverifiedSeconds !== null)
    gauge(page, 'store_oldest_verification_age_seconds', 'Since when bytes were not re-read').set(
      figures.unverifiedSeconds,
    )
  const total = gauge(page, 'volume_total_bytes', 'Size of a volume', ['path'])
  const free = gauge(page, 'volume_free_bytes', 'Free space of a volume', ['path'])
  for (const { path, totalBytes, freeBytes } of volumes) {
    total.set({ path }, totalBytes)
    free.set({ path }, freeBytes)
  }
}

function gauge(
  page: Registry,
  name: string,
  help: string,
  labelNames: readonly string[] = [],
): Gauge {
  return new Gauge({
    name: `holdfast_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [page],
  })
}

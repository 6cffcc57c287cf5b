import type { Job } from '../reply.ts'
import { formatBytes, formatTime, orDash } from './format.ts'
import { renderFields, renderTable, type Column } from './table.ts'

export function jobTable(jobs: readonly Job[]): string {
  return renderTable(jobs, COLUMNS, 'no job')
}

const COLUMNS: readonly Column<Job>[] = [
  { title: 'JOB', value: (job) => job.id },
  { title: 'KIND', value: (job) => job.kind },
  { title: 'STATE', value: (job) => job.state },
  { title: 'SOURCE', value: (job) => orDash(job.source) },
  { title: 'STARTED', value: (job) => formatTime(job.startedAt ?? job.queuedAt) },
  { title: 'FINISHED', value: (job) => formatTime(job.finishedAt) },
  { title: 'DONE', value: (job) => done(job, () => ''), align: 'right' },
  { title: 'ERROR', value: (job) => job.error?.code ?? '' },
]

export function jobText(job: Job): string {
  const { error, collection, restore, check, verification, items } = job
  return renderFields([
    ['job', job.id],
    ['kind', job.kind],
    ['state', job.state],
    ['source', orDash(job.source)],
    ['host', orDash(job.host)],
    ['queued', formatTime(job.queuedAt)],
    ['started', formatTime(job.startedAt)],
    ['finished', formatTime(job.finishedAt)],
    ['attempt', String(job.attempt)],
    ['done', done(job, (total) => ` of ${total}`)],
    ...optional('point', job.point && `${job.point.id} (${job.point.state})`),
    ...optional('written', restore && formatBytes(restore.bytesWritten)),
    ...optional('folder', items?.folder),
    ...optional('restored', items && String(items.restored)),
    ...optional('skipped', items && String(items.skipped)),
    ...optional('failed', items && String(items.failedCount)),
    ...optional('compared', check && formatBytes(check.comparedBytes)),
    ...optional('differing chunks', check && String(check.differingChunks)),
    ...optional('checked', verification && formatBytes(verification.checkedBytes)),
    ...optional('damaged ranges', verification && String(verification.damaged.length)),
    ...optional('freed', collection && formatBytes(collection.freedBytes)),
    ...optional('rewritten', collection && formatBytes(collection.rewrittenBytes)),
    ...job.warnings.map((warning) => ['warning', warning] as const),
    ...optional('error', error && `${error.message} (${error.code})`),
    ...optional('hint', error?.hint),
  ])
}

/** Some jobs have no bytes to go through. */
function done({ progress }: Job, of: (total: string) => string): string {
  const { doneBytes = 0, totalBytes = 0 } = progress ?? {}
  return totalBytes === 0 ? '-' : `${formatBytes(doneBytes)}${of(formatBytes(totalBytes))}`
}

function optional(name: string, value: string | null | undefined): [string, string][] {
  return value === null || value === undefined ? [] : [[name, value]]
}

import { type ClientInput, remote, type Register } from '../command.ts'
import type { Outcome } from '../outcome.ts'
import { formatBytes, formatTime } from '../output/format.ts'
import { renderFields } from '../output/table.ts'
import type { Source, Status } from '../reply.ts'

interface Options {
  readonly strict?: boolean
}

export const registerStatus: Register = (program, context) => {
  const description = 'Is everything protected, and as of when'
  remote<Options>(program, 'status', description, context, status).option(
    '--strict',
    'exit with 1 if anything is not well, not protected or late',
  )
}

async function status({ client, options }: ClientInput<Options>): Promise<Outcome> {
  const [found, { sources }] = await Promise.all([
    client.getStatus({}),
    client.listSources({ unprotected: false }),
  ])
  const asOf = oldestLastPoint(sources)
  return {
    document: { ...found, asOf },
    text: statusText(found, asOf),
    negative: options.strict === true && !isProtected(found),
  }
}

/** `ok` is about the server; whoever asks strictly also wants each data source in a recent point. */
function isProtected({ ok, sources }: Status): boolean {
  return ok && (sources?.unprotected ?? 0) === 0 && (sources?.late ?? 0) === 0
}

interface AsOf {
  readonly source: string
  readonly createdAt: string
}

/** The data source that has waited longest: everything is protected as of its last point. */
function oldestLastPoint(sources: readonly Source[]): AsOf | null {
  const last = sources.flatMap(({ name, lastPoint }) =>
    lastPoint ? [{ source: name, createdAt: lastPoint.createdAt }] : [],
  )
  return last.reduce<AsOf | null>(
    (oldest, next) => (oldest === null || next.createdAt < oldest.createdAt ? next : oldest),
    null,
  )
}

/** Of all that is stored, what was read the longest ago: nightly verification comes by within 30 days. */
function reRead(oldest: string | null | undefined): string {
  if (!oldest) return 'nothing is stored yet'
  return `every stored byte was written, or read again, since ${formatTime(oldest)}`
}

function statusText(status: Status, asOf: AsOf | null): string {
  const { server, database, store, hosts, sources, alerts, problems } = status
  const asked = [sources?.protected, sources?.unprotected, sources?.late].map((n) => String(n ?? 0))
  return renderFields([
    ['status', status.ok ? 'ok' : 'not ok'],
    ...problems.map((problem) => ['problem', problem] as const),
    ['protected', `${asked[0]}; unprotected ${asked[1]}; late ${asked[2]}`],
    ['as of', asOf ? `${formatTime(asOf.createdAt)} (${asOf.source})` : 'no recovery point yet'],
    ['hosts', `${hosts?.online ?? 0} of ${hosts?.total ?? 0} online`],
    ['alerts', String(alerts)],
    [
      'server',
      `${server?.version ?? '-'}, ${server?.mode ?? '-'}, since ${formatTime(server?.startedAt)}`,
    ],
    ...(server?.modeReason ? [['because', server.modeReason] as const] : []),
    [
      'database',
      `${database?.ok === true ? 'ok' : 'not ok'}, ${formatBytes(database?.sizeBytes ?? 0)}`,
    ],
    [
      'store',
      `${store?.ok === true ? 'ok' : 'not ok'}, ${formatBytes(store?.storedBytes ?? 0)} stored, ${formatBytes(store?.freeBytes ?? 0)} free`,
    ],
    ['re-read', reRead(store?.oldestUnverifiedAt)],
  ])
}

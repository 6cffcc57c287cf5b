import { HoldfastError } from '../../../core/model/error.ts'
import { acknowledgeAlert } from '../../catalog/alerts.ts'
import { getAlert, listAlerts } from '../../catalog/alerts-view.ts'
import { listEvents } from '../../catalog/events.ts'
import { resolveObject } from '../../catalog/names.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toAlert } from './shapes.ts'

type RecordHandlers = Pick<
  OperatorHandlers,
  'listEvents' | 'listAlerts' | 'getAlert' | 'acknowledgeAlert'
>

/** What happened, and what is wrong. */
export function recordHandlers({ database }: OperatorDeps): RecordHandlers {
  return {
    listEvents: async ({ about, since, until, kind, text, before, limit }, { sees }) => {
      const events = await listEvents(database, {
        about: about ? await resolveObject(database, about) : undefined,
        since: requireTime('since', since),
        until: requireTime('until', until),
        before: before ? requireEventId(before) : undefined,
        ...{ kind: kind || undefined, text: text || undefined },
        within: sees?.sources,
        limit,
      })
      return { events: events.map((event) => withoutAbsent(event)) }
    },
    listAlerts: async ({ all, before, limit }, { sees }) => {
      const alerts = await listAlerts(database, {
        ...{ all, limit, within: sees?.sources },
        before: before ? (await getAlert(database, before)).id : undefined,
      })
      return { alerts: alerts.map(toAlert) }
    },
    getAlert: async ({ alert }) => toAlert(await getAlert(database, alert)),
    acknowledgeAlert: async ({ alert }, caller) =>
      toAlert(await database.tx((q) => acknowledgeAlert(q, alert, caller.name))),
  }
}

function requireEventId(text: string): number {
  const id = Number(text)
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(id)) return id
  throw new HoldfastError('invalid-argument', `${text} is no event's id`, {
    hint: '`holdfast event list --json` shows ids.',
  })
}

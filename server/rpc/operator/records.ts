import { HoldfastError } from '../../../core/model/error.ts'
import { acknowledgeAlert } from '../../catalog/alerts.ts'
import { ALERT_COLUMNS, getAlert, listAlerts } from '../../catalog/alerts-view.ts'
import { EVENT_COLUMNS, listEvents } from '../../catalog/events.ts'
import { resolveObject } from '../../catalog/names.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireCount, requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { orderOf } from './order.ts'
import { toAlert } from './shapes.ts'

type RecordHandlers = Pick<
  OperatorHandlers,
  'listEvents' | 'listAlerts' | 'getAlert' | 'acknowledgeAlert'
>

/** What happened, and what is wrong. */
export function recordHandlers({ database }: OperatorDeps): RecordHandlers {
  return {
    listEvents: async (request, { sees }) => {
      const { about, since, until, kind, text, before, limit } = request
      if (before) requireEventId(before)
      const events = await listEvents(database, {
        about: about ? await resolveObject(database, about) : undefined,
        since: requireTime('since', since),
        until: requireTime('until', until),
        order: orderOf(request, EVENT_COLUMNS, 'at'),
        ...{ kind: kind || undefined, text: text || undefined },
        within: sees?.sources,
        limit,
      })
      return { events: events.map((event) => withoutAbsent(event)) }
    },
    listAlerts: async (request, { sees }) => {
      const { all, limit, beforeValue } = request
      const order = orderOf(request, ALERT_COLUMNS, 'seen')
      if (order.by === 'seen') requireTime('beforeValue', beforeValue)
      if (order.by === 'count') requireCount('beforeValue', beforeValue)
      const within = sees?.sources
      const alerts = await listAlerts(database, { all, limit, order, within })
      return { alerts: alerts.map(toAlert) }
    },
    getAlert: async ({ alert }) => toAlert(await getAlert(database, alert)),
    acknowledgeAlert: async ({ alert }, caller) =>
      toAlert(await database.tx((q) => acknowledgeAlert(q, alert, caller.name))),
  }
}

function requireEventId(text: string): void {
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(Number(text))) return
  throw new HoldfastError('invalid-argument', `${text} is no event's id`, {
    hint: '`holdfast event list --json` shows ids.',
  })
}

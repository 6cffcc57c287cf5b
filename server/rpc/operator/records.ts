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
    listEvents: async ({ about, since, limit }, { sees }) => {
      const events = await listEvents(database, {
        about: about ? await resolveObject(database, about) : undefined,
        since: requireTime('since', since),
        within: sees?.sources,
        limit,
      })
      return { events: events.map((event) => withoutAbsent(event)) }
    },
    listAlerts: async ({ all }, { sees }) => ({
      alerts: (await listAlerts(database, all, sees?.sources)).map(toAlert),
    }),
    getAlert: async ({ alert }) => toAlert(await getAlert(database, alert)),
    acknowledgeAlert: async ({ alert }, caller) =>
      toAlert(await database.tx((q) => acknowledgeAlert(q, alert, caller.name))),
  }
}

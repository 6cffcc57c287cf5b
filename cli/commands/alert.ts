import { group, remote, type Register } from '../command.ts'
import { first } from '../input/operand.ts'
import { formatTime, orDash } from '../output/format.ts'
import { renderFields, renderTable, type Column } from '../output/table.ts'
import type { Alert } from '../reply.ts'
import { registerSubscribers } from './alert-subscribers.ts'

export const registerAlert: Register = (program, context) => {
  const alert = group(program, 'alert', 'What needs somebody')
  remote<{ all?: boolean }>(alert, 'list', 'Open alerts', context, async ({ client, options }) => {
    const { alerts } = await client.listAlerts({ all: options.all ?? false })
    return { document: alerts, text: renderTable(alerts, COLUMNS, 'no alert') }
  }).option('--all', 'also those that are over')
  remote(alert, 'show <alert>', 'One alert, its cause and what to do', context, async (input) =>
    shown(await input.client.getAlert({ alert: first(input.args) })),
  )
  const acknowledge = 'Say that somebody has seen it; it stays until its cause is gone'
  remote(alert, 'acknowledge <alert>', acknowledge, context, async ({ client, args }) =>
    shown(await client.acknowledgeAlert({ alert: first(args) })),
  )
  registerSubscribers(alert, context)
}

const COLUMNS: readonly Column<Alert>[] = [
  { title: 'ALERT', value: (alert) => alert.id },
  { title: 'SEVERITY', value: (alert) => alert.severity },
  { title: 'STATE', value: (alert) => alert.state },
  { title: 'TYPE', value: (alert) => alert.type },
  { title: 'OBJECT', value: (alert) => orDash(alert.objectName) },
  { title: 'COUNT', value: (alert) => String(alert.count), align: 'right' },
  { title: 'LAST SEEN', value: (alert) => formatTime(alert.lastSeenAt) },
  { title: 'CAUSE', value: (alert) => alert.cause },
]

function shown(alert: Alert) {
  const text = renderFields([
    ['alert', alert.id],
    ['type', alert.type],
    ['severity', alert.severity],
    ['state', alert.state],
    ['object', orDash(alert.objectName)],
    [
      'seen',
      `${alert.count} times, ${formatTime(alert.firstSeenAt)} to ${formatTime(alert.lastSeenAt)}`,
    ],
    ['cause', alert.cause],
    ['action', alert.action],
    ['command', orDash(alert.command)],
  ])
  return { document: alert, text }
}

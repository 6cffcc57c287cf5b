import { ALERT_SEVERITIES } from '../../core/model/alert-type.ts'
import type { AlertView } from '../catalog/alerts-view.ts'
import type { AlertChange } from '../catalog/notices.ts'

export interface AlertNotice {
  readonly change: AlertChange
  readonly alert: AlertView
}

export interface Letter {
  readonly subject: string
  readonly text: string
  readonly attachment?: {
    readonly name: string
    readonly type: string
    readonly content: string
  }
}

/** So many are told in full; of more, only how many. */
const IN_FULL = 50

/** What happened within a minute, the worst first. */
export function writeAlertMail(notices: readonly AlertNotice[], footer: string): Letter {
  const open = notices.filter(({ change }) => change !== 'resolved').sort(byRank)
  const over = notices.filter(({ change }) => change === 'resolved').sort(byRank)
  const shown = [...open.map(inFull), ...over.map(asOver)]
  const more = shown.length - IN_FULL
  const rest = more > 0 ? [`and ${more} more: holdfast alert list --all`] : []
  return {
    subject: `Holdfast: ${subjectOf(open, over)}`,
    text: [...shown.slice(0, IN_FULL), ...rest, footer].join('\n\n') + '\n',
  }
}

function byRank(a: AlertNotice, b: AlertNotice): number {
  const rank = ({ alert }: AlertNotice) => ALERT_SEVERITIES.indexOf(alert.severity)
  return rank(b) - rank(a)
}

function subjectOf(open: readonly AlertNotice[], over: readonly AlertNotice[]): string {
  const [first] = open
  if (open.length === 1 && first && over.length === 0) {
    const { severity, type, objectName } = first.alert
    return `${severity}: ${type} ${objectName}`
  }
  const counts = ALERT_SEVERITIES.toReversed().flatMap((severity) => {
    const count = open.filter(({ alert }) => alert.severity === severity).length
    return count === 0 ? [] : `${count} ${severity}`
  })
  return [...counts, ...(over.length > 0 ? [`${over.length} over`] : [])].join(', ')
}

function inFull({ alert, change }: AlertNotice): string {
  const { severity, type, objectName, cause, action, command, id, firstSeenAt, count } = alert
  const times = count > 1 ? `, ${count} times` : ''
  return [
    `${severity.toUpperCase()}  ${type}  ${objectName}`,
    `  ${cause}`,
    `  ${change === 'worsened' ? 'It grew worse; first seen' : 'First seen'} ${firstSeenAt}${times}.`,
    `  What to do: ${action}`,
    ...(command === '' ? [] : [`  $ ${command}`]),
    `  $ holdfast alert show ${id}`,
  ].join('\n')
}

function asOver({ alert }: AlertNotice): string {
  const { type, objectName, firstSeenAt, resolvedAt } = alert
  return `OVER  ${type}  ${objectName}\n  from ${firstSeenAt} to ${resolvedAt ?? ''}`
}

import type { Random } from '../../core/runtime/random.ts'
import { openAlertsOf, raiseAlert, resolveAlert, type OpenAlert } from '../catalog/alerts.ts'
import type { AlertRule, Finding, Look } from './rule.ts'

/** What is known already is written again only so often: a look a minute would be all the catalog does. */
const TELL_AGAIN_SECONDS = 600

/** Alerts of the rule's type become what it finds. */
export async function reconcile(look: Look, random: Random, rule: AlertRule): Promise<void> {
  const found = await rule.find(look)
  if (!found) return
  const open = new Map(
    (await openAlertsOf(look.q, rule.type)).map((alert) => [alert.object, alert]),
  )
  for (const finding of found) {
    const occurrence = finding.occurrence ?? 'state'
    const before = open.get(finding.object)
    open.delete(finding.object)
    if (before && isTold(before, { ...finding, occurrence })) continue
    await raiseAlert(look.q, random, { ...finding, type: rule.type, occurrence })
  }
  for (const object of open.keys()) await resolveAlert(look.q, rule.type, object)
}

function isTold(before: OpenAlert, now: Finding): boolean {
  return (
    before.severity === now.severity &&
    before.occurrence === now.occurrence &&
    before.cause === now.cause &&
    before.seenSeconds < TELL_AGAIN_SECONDS
  )
}

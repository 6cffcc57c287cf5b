import { failingRecipients } from '../../catalog/notices.ts'
import { shownAddress } from '../../notify/notifier.ts'
import type { AlertRule } from '../rule.ts'

/** The first failures are tried again within minutes. */
const ATTEMPTS = 3

/** Whoever should be told and is not reached. */
export const noticeFailed: AlertRule = {
  type: 'notice-failed',
  async find({ q }) {
    const failing = await failingRecipients(q, ATTEMPTS)
    return failing.map((recipient) => ({
      object: shownAddress(recipient),
      severity: 'warning' as const,
      cause: `${shownAddress(recipient)} is not told since ${recipient.since.toISOString()}: ${recipient.failure}`,
      action:
        'Mend what the sentence names. What waits is sent for three days; alerts are listed here all the same.',
      command: 'holdfast alert test',
    }))
  },
}

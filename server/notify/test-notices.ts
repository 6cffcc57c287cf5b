import type { Clock } from '../../core/runtime/clock.ts'
import type { AlertView } from '../catalog/alerts-view.ts'
import type { Recipient } from '../catalog/notices.ts'
import type { Sender } from './deliver.ts'
import { tellNow, type Told } from './tell-now.ts'

/** Tells each of them a test, now and at once; what becomes of it. */
export async function testNotices(
  sender: Sender,
  clock: Clock,
  to: readonly (Recipient & { readonly secret: string | null })[],
): Promise<Told[]> {
  const alert = testAlert(new Date(clock.now()))
  const content = { kind: 'alert', change: 'raised', alert } as const
  return Promise.all(to.map((recipient) => tellNow(sender, clock, recipient, content)))
}

function testAlert(at: Date): AlertView {
  const seen = at.toISOString()
  return {
    ...{ id: 'test', type: 'test', severity: 'informational', state: 'active', object: 'server' },
    ...{ objectName: 'server', count: 1, firstSeenAt: seen, lastSeenAt: seen, resolvedAt: null },
    cause: 'somebody asked for a test',
    action: 'Nothing to do: whoever reads this can be told of alerts.',
    command: '',
  }
}

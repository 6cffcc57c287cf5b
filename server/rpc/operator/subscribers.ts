import { HoldfastError } from '../../../core/model/error.ts'
import { listSubscribers, readTold, type SubscriberView } from '../../catalog/subscribers.ts'
import { addSubscriber, removeSubscriber } from '../../flows/subscribers.ts'
import { testNotices } from '../../notify/test-notices.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'

type SubscriberHandlers = Pick<
  OperatorHandlers,
  'listSubscribers' | 'addSubscriber' | 'removeSubscriber' | 'testSubscribers'
>

/** Who is told of alerts. */
export function subscriberHandlers(deps: OperatorDeps): SubscriberHandlers {
  const { database, clock, sender } = deps
  const list = async () => (await listSubscribers(database)).map(toSubscriber)
  return {
    listSubscribers: async () => ({ subscribers: await list() }),
    addSubscriber: async ({ address, severities, digest, reports, secret }, caller) => {
      const wish = {
        address: requireText('the address', address),
        ...{ severities, digest, reports, secret },
      }
      const added = await addSubscriber(deps, wish, caller.name)
      const subscriber = (await list()).find(({ id }) => id === added.id)
      return { ...withoutAbsent({ secret: added.secret }), subscriber: subscriber ?? null }
    },
    removeSubscriber: async ({ subscriber }, caller) =>
      toSubscriber(await removeSubscriber(database, subscriber, caller.name)),
    testSubscribers: async ({ addresses }) => {
      const told = await readTold(database, addresses)
      if (told.length === 0)
        throw new HoldfastError('not-found', 'nobody is told of alerts', {
          hint: '`holdfast alert subscribe ADDRESS` adds somebody.',
        })
      const results = await testNotices(sender, clock, told)
      return { results: results.map((result) => withoutAbsent(result)) }
    },
  }
}

function toSubscriber(subscriber: SubscriberView) {
  const { severities, reports } = subscriber
  return { ...withoutAbsent(subscriber), severities: [...severities], reports: [...reports] }
}

import type { InspectPool } from '../../../core/chunk/inspect-pool.ts'
import type { InspectedStep, PushStep } from './steps.ts'

interface Waiting {
  readonly result: Promise<InspectedStep>
  settled: boolean
}

/**
 * Lets records be inspected while earlier ones are stored. Gives steps in their order, several at
 * once where several are ready, so that their digests are looked up in one query.
 */
export async function* inspectedSteps(
  steps: AsyncIterable<PushStep>,
  inspector: InspectPool,
): AsyncIterable<InspectedStep[]> {
  const waiting: Waiting[] = []
  const leave = inspector.ahead.join()
  try {
    for await (const step of steps) {
      waiting.push(start(step, inspector))
      while (waiting.length >= inspector.ahead.each) yield await ready(waiting)
    }
    while (waiting.length > 0) yield await ready(waiting)
  } finally {
    leave()
  }
}

function start(step: PushStep, inspector: InspectPool): Waiting {
  const waiting: Waiting = {
    settled: false,
    result:
      'records' in step
        ? inspector.inspect(step.records).then((inspected) => ({ inspected }))
        : Promise.resolve(step),
  }
  // A failure is met where the result is awaited, in its turn.
  waiting.result.then(
    () => (waiting.settled = true),
    () => (waiting.settled = true),
  )
  return waiting
}

/** The first one, and all behind it that are ready too. */
async function ready(waiting: Waiting[]): Promise<InspectedStep[]> {
  const steps: InspectedStep[] = []
  do {
    const next = waiting.shift()
    if (next) steps.push(await next.result)
  } while (waiting[0]?.settled)
  return steps
}

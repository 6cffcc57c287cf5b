import { toHoldfastError } from '../core/model/error.ts'
import { openServiceManager } from '../core/runtime/service-manager.ts'
import type { Context } from './context.ts'
import type { Outcome } from './outcome.ts'

/** Only a process that never was ready ends with a document about its error: there is one each. */
export async function untilStopped<Ready>(
  run: (onReady: (ready: Ready) => void) => Promise<void>,
  tell: (ready: Ready) => void,
  { env }: Pick<Context, 'env'>,
): Promise<Outcome> {
  const service = openServiceManager(env)
  let isReady = false
  process.once('SIGTERM', () => service.stopping())
  try {
    await run((ready) => {
      isReady = true
      service.ready()
      tell(ready)
    })
    return { document: undefined, text: '' }
  } catch (error) {
    if (!isReady) throw error
    return { document: undefined, text: '', failures: [toHoldfastError(error)] }
  }
}

/** A long-running process prints its one document when it is ready. */
export function sayReady(
  json: boolean | undefined,
  document: object,
  text: string,
  context: Context,
): void {
  context.terminal.out(json === true ? `${JSON.stringify(document, null, 2)}\n` : text)
}

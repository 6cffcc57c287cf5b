import { toHoldfastError } from '../core/model/error.ts'
import type { Context } from './context.ts'
import type { Outcome } from './outcome.ts'

/** Only a process that never was ready ends with a document about its error: there is one each. */
export async function untilStopped<Ready>(
  run: (onReady: (ready: Ready) => void) => Promise<void>,
  tell: (ready: Ready) => void,
): Promise<Outcome> {
  let isReady = false
  try {
    await run((ready) => {
      isReady = true
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

import { createHmac } from 'node:crypto'
import { HoldfastError } from '../../core/model/error.ts'

export interface WebhookCall {
  readonly url: string
  readonly secret: string
  /** Of the notice: stays the same when it is sent again. */
  readonly id: string
  readonly body: string
  /** Seconds since 1970. */
  readonly at: number
}

export const SIGNATURE_HEADER = 'holdfast-signature'

/** `t=SECONDS,v1=HEX`: HMAC-SHA-256 over `SECONDS.BODY`, so that an old request cannot be sent again unnoticed. */
export function signatureOf({ secret, at, body }: Pick<WebhookCall, 'secret' | 'at' | 'body'>) {
  const hmac = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')
  return `t=${at},v1=${hmac}`
}

/** Resolves when it was answered with success. Throws 'notice-failed'; what is answered is not read. */
export async function sendWebhook(call: WebhookCall, signal: AbortSignal): Promise<void> {
  const answer = await post(call, signal)
  await answer.body?.cancel()
  if (answer.ok) return
  throw new HoldfastError('notice-failed', `it answered with ${answer.status}`, {
    hint: 'Redirections are not followed: subscribe the address that they lead to.',
  })
}

async function post(call: WebhookCall, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(call.url, {
      method: 'POST',
      body: call.body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'holdfast',
        'holdfast-delivery': call.id,
        [SIGNATURE_HEADER]: signatureOf(call),
      },
      redirect: 'manual',
      signal,
    })
  } catch (cause) {
    throw new HoldfastError('notice-failed', `it did not answer: ${reasonOf(cause, signal)}`, {
      cause,
    })
  }
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'it took too long'
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || message : message
}

import { createTransport } from 'nodemailer'
import { HoldfastError } from '../../core/model/error.ts'
import type { Letter } from './alert-mail.ts'
import type { MailSettings } from './mail-settings.ts'

export interface Mail extends Letter {
  readonly to: string
  /** The same again has the same: whoever has both may drop one. */
  readonly id: string
}

/** A server that accepts and then says nothing must not hold anything up. */
const CONNECT_MS = 10_000
const SILENT_MS = 20_000

/** Resolves when the mail server has taken it. Throws 'notice-failed' after a while at most. */
export async function sendMail(
  settings: MailSettings,
  mail: Mail,
  signal: AbortSignal,
): Promise<void> {
  const transport = createTransport(connectionOf(settings))
  const cut = () => transport.close()
  signal.addEventListener('abort', cut, { once: true })
  try {
    await Promise.race([transport.sendMail(messageOf(settings, mail)), aborted(signal)])
  } catch (error) {
    throw new HoldfastError(
      'notice-failed',
      `the mail server did not take it: ${reasonOf(error)}`,
      {
        cause: error,
        hint: '`holdfast mail show` has how it is sent; `holdfast mail test ADDRESS` tries it.',
      },
    )
  } finally {
    signal.removeEventListener('abort', cut)
    transport.close()
  }
}

function connectionOf({ host, port, security, user, password, authority }: MailSettings) {
  return {
    ...{ host, port, secure: security === 'tls' },
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...(authority === undefined ? {} : { tls: { ca: authority } }),
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }
}

function messageOf({ from }: MailSettings, { to, subject, text, id, attachment }: Mail) {
  return {
    ...(attachment ? { attachments: [attached(attachment)] } : {}),
    ...{ from, to, subject: oneLine(subject), text, messageId: `<${id}>` },
    // So that no holiday notice answers it.
    headers: { 'Auto-Submitted': 'auto-generated', Precedence: 'bulk' },
  }
}

function attached({ name, type, content }: NonNullable<Letter['attachment']>) {
  return { filename: name, contentType: type, content }
}

/** Names of guests and causes may hold anything. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 200)
}

function reasonOf(error: unknown): string {
  const { message, response } = error as { message?: string; response?: string }
  return oneLine(response ?? message ?? String(error))
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const tell = () => reject(new Error('it took too long'))
  if (signal.aborted) tell()
  else signal.addEventListener('abort', tell, { once: true })
  return promise
}

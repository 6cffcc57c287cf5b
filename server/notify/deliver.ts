import { createHash } from 'node:crypto'
import { HoldfastError } from '../../core/model/error.ts'
import type { NoticeContent, Recipient, WaitingNotice } from '../catalog/notices.ts'
import type { ReportDocument } from '../flows/report-document.ts'
import { writeAlertMail, type Letter } from './alert-mail.ts'
import { writeDigestMail } from './digest-mail.ts'
import type { DigestReport } from './digest-report.ts'
import { readMailSettings, type MailSettings } from './mail-settings.ts'
import { writeRecoveryMail } from './recovery-mail.ts'
import { writeReportMail } from './report-mail.ts'
import { sendMail } from './send-mail.ts'
import { sendWebhook } from './send-webhook.ts'

/** What every notice says of where it comes from. */
export interface Sender {
  readonly serverId: string
  /** Holds how to send mail; read each time. */
  readonly mailFile: string
  readonly consoleUrl: () => string | null
  /** Seconds since 1970. */
  readonly seconds: () => number
}

type Given = Pick<WaitingNotice, 'id' | 'content' | 'queuedAt' | 'secret'>

/**
 * Notices that are told together: alerts in one mail, everything else alone. Gives how many of the
 * first ones go.
 */
export function togetherOf(kind: Recipient['kind'], notices: readonly Given[]): number {
  const isAlert = ({ content }: Given) => content.kind === 'alert'
  if (kind === 'webhook' || !notices[0] || !isAlert(notices[0])) return Math.min(1, notices.length)
  const end = notices.findIndex((notice) => !isAlert(notice))
  return end === -1 ? notices.length : end
}

/** Resolves when they were taken. Throws 'notice-failed' or 'invalid-argument'. */
export async function deliver(
  sender: Sender,
  to: Recipient,
  notices: readonly Given[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = notices
  if (!first) return
  if (to.kind === 'webhook') return deliverWebhook(sender, to.address, first, signal)
  const settings = await requireMailSettings(sender.mailFile)
  const letter = letterOf(
    notices.map(({ content }) => content),
    footerOf(sender),
  )
  const id = `${idOf(to.address, notices)}@${domainOf(settings)}`
  await sendMail(settings, { ...letter, to: to.address, id }, signal)
}

async function requireMailSettings(file: string): Promise<MailSettings> {
  const settings = await readMailSettings(file)
  if (settings) return settings
  throw new HoldfastError('notice-failed', 'this server was not told how to send mail', {
    hint: 'An admin tells it with `holdfast mail set`, or in the settings of the console.',
  })
}

function letterOf(contents: readonly NoticeContent[], footer: string): Letter {
  const [first] = contents
  if (first?.kind === 'digest') return writeDigestMail(first.report as DigestReport, footer)
  if (first?.kind === 'report') return writeReportMail(first.report as ReportDocument, footer)
  if (first?.kind === 'recovery') return writeRecoveryMail(first.recovery, footer)
  return writeAlertMail(
    contents.filter((content) => content.kind === 'alert'),
    footer,
  )
}

function footerOf({ serverId, consoleUrl }: Sender): string {
  const url = consoleUrl()
  return `-- \nHoldfast server ${serverId}${url === null ? '' : `, ${url}`}`
}

function idOf(address: string, notices: readonly Given[]): string {
  const text = `${address} ${notices.map(({ id, queuedAt }) => `${id} ${queuedAt.toISOString()}`).join()}`
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function domainOf({ from }: MailSettings): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? 'holdfast'
}

async function deliverWebhook(
  { serverId, seconds }: Sender,
  url: string,
  notice: Given,
  signal: AbortSignal,
): Promise<void> {
  const id = idOf(url, [notice])
  const body = JSON.stringify({
    ...{ id, server: serverId, at: notice.queuedAt.toISOString() },
    ...notice.content,
  })
  await sendWebhook({ url, secret: notice.secret ?? '', id, body, at: seconds() }, signal)
}

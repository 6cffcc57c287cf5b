import { HoldfastError } from '../../core/model/error.ts'
import { ALERT_SEVERITIES, type AlertSeverity } from '../../core/model/alert-type.ts'
import { REPORT_PERIODS, type ReportPeriod } from '../../core/model/report-period.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import type { Database } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  deleteSubscriber,
  insertSubscriber,
  type SubscriberKind,
  type SubscriberView,
} from '../catalog/subscribers.ts'

export interface SubscriberWish {
  /** A mail address, or the URL of a webhook. */
  readonly address: string
  /** None: critical and warning. */
  readonly severities: readonly string[]
  /** Absent: people want it, programs do not. */
  readonly digest: boolean | undefined
  /** Of day, week, month. */
  readonly reports: readonly string[]
  /** Absent: one is made. */
  readonly secret: string | undefined
}

const SECRET_BYTES = 32
const SECRET_LETTERS = 16

/** Gives the secret of a webhook, which cannot be read again. Throws 'invalid-argument', 'already-exists'. */
export async function addSubscriber(
  { database, random }: { readonly database: Database; readonly random: Random },
  wish: SubscriberWish,
  by: string,
): Promise<{ readonly id: string; readonly secret: string | null }> {
  const kind = kindOf(wish.address)
  const subscriber = {
    ...{ id: randomId(random, 'subscriber'), kind, address: wish.address },
    severities: severitiesOf(wish.severities),
    reports: reportsOf(wish.reports),
    digest: wish.digest ?? kind === 'mail',
    secret: kind === 'mail' ? null : secretOf(random, wish.secret),
  }
  await database.tx(async (q) => {
    await insertSubscriber(q, subscriber, by)
    const message = `${shown(kind, wish.address)} is told of ${subscriber.severities.join(', ')}`
    await recordEvent(q, { kind: 'subscriber-added', about: subscriber.id, message, actor: by })
  })
  return subscriber
}

export async function removeSubscriber(
  database: Database,
  text: string,
  by: string,
): Promise<SubscriberView> {
  return database.tx(async (q) => {
    const gone = await deleteSubscriber(q, text)
    const message = `${shown(gone.kind, gone.address)} is told nothing any more`
    await recordEvent(q, { kind: 'subscriber-removed', about: gone.id, message, actor: by })
    return gone
  })
}

/** Throws 'invalid-argument' when it is no mail address. */
export function requireMailAddress(address: string): string {
  if (/^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()\\\p{Cc}]+$/u.test(address)) return address
  throw new HoldfastError('invalid-argument', `${JSON.stringify(address)} is no mail address`)
}

function kindOf(address: string): SubscriberKind {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address)) {
    requireMailAddress(address)
    return 'mail'
  }
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isPlain = url?.username === '' && url.password === '' && url.hash === ''
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return 'webhook'
  throw new HoldfastError('invalid-argument', 'that is no address of a webhook', {
    hint: 'It is an https:// URL without user and password: requests are signed.',
  })
}

function severitiesOf(words: readonly string[]): AlertSeverity[] {
  const wanted = words.length > 0 ? words : ['critical', 'warning']
  const unknown = wanted.find((word) => !(ALERT_SEVERITIES as readonly string[]).includes(word))
  if (unknown === undefined) return ALERT_SEVERITIES.filter((word) => wanted.includes(word))
  throw new HoldfastError('invalid-argument', `${JSON.stringify(unknown)} is no severity`, {
    hint: `One of ${ALERT_SEVERITIES.join(', ')}.`,
  })
}

function reportsOf(words: readonly string[]): ReportPeriod[] {
  const unknown = words.find((word) => !(REPORT_PERIODS as readonly string[]).includes(word))
  if (unknown === undefined) return REPORT_PERIODS.filter((word) => words.includes(word))
  throw new HoldfastError(
    'invalid-argument',
    `there is no report of a ${JSON.stringify(unknown)}`,
    {
      hint: `One of ${REPORT_PERIODS.join(', ')}.`,
    },
  )
}

function secretOf(random: Random, given: string | undefined): string {
  if (given === undefined || given === '') return random.bytes(SECRET_BYTES).toString('base64url')
  if (given.length >= SECRET_LETTERS) return given
  throw new HoldfastError('invalid-argument', `the secret has fewer than ${SECRET_LETTERS} letters`)
}

function shown(kind: SubscriberKind, address: string): string {
  return kind === 'webhook' ? new URL(address).origin : address
}

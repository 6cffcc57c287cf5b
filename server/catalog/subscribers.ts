import type { AlertSeverity } from '../../core/model/alert-type.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { ReportPeriod } from '../../core/model/report-period.ts'
import { isUniqueViolation } from './database-error.ts'
import type { Queryable } from './database.ts'
import { isoTime } from './time.ts'

export type SubscriberKind = 'mail' | 'webhook'

export interface NewSubscriber {
  readonly id: string
  readonly kind: SubscriberKind
  /** A mail address, or a URL. */
  readonly address: string
  /** Of a webhook. */
  readonly secret: string | null
  readonly severities: readonly AlertSeverity[]
  /** Is sent the daily report too. */
  readonly digest: boolean
  /** Is sent these when they are over. */
  readonly reports: readonly ReportPeriod[]
}

export interface SubscriberView extends Omit<NewSubscriber, 'secret'> {
  readonly addedAt: string
  readonly addedBy: string
  /** Notices that are not sent yet, and why the last one was not. */
  readonly waiting: number
  readonly failure: string | null
  readonly lastSentAt: string | null
}

/** Throws 'already-exists'. */
export async function insertSubscriber(
  q: Queryable,
  subscriber: NewSubscriber,
  by: string,
): Promise<void> {
  const { id, kind, address, secret, severities, digest, reports } = subscriber
  try {
    await q.query(
      `INSERT INTO subscriber (id, kind, address, secret, severities, digest, reports, added_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, kind, address, secret, severities, digest, reports, by],
    )
  } catch (error) {
    if (!isUniqueViolation(error, 'subscriber_kind_address_key')) throw error
    throw new HoldfastError('already-exists', `${address} is told already`, {
      hint: '`holdfast alert unsubscribe` first, to tell it other things.',
    })
  }
}

interface SubscriberRow extends Omit<SubscriberView, 'addedAt' | 'lastSentAt'> {
  readonly addedAt: Date
  readonly lastSentAt: Date | null
}

/** By address. */
export async function listSubscribers(q: Queryable): Promise<SubscriberView[]> {
  const rows = await q.query<SubscriberRow>(
    `SELECT s.id, s.kind, s.address, s.severities, s.digest, s.reports, s.added_at AS "addedAt",
            s.added_by AS "addedBy",
            count(n.id) FILTER (WHERE n.ended_at IS NULL)::int AS waiting,
            max(n.failure) FILTER (WHERE n.ended_at IS NULL) AS failure,
            max(n.ended_at) FILTER (WHERE n.failure IS NULL) AS "lastSentAt"
       FROM subscriber s LEFT JOIN notice n ON n.subscriber = s.id
      GROUP BY s.id ORDER BY s.address`,
  )
  return rows.map(({ addedAt, lastSentAt, ...row }) => ({
    ...row,
    addedAt: isoTime(addedAt),
    lastSentAt: isoTime(lastSentAt),
  }))
}

/** By id or address; what waits for it goes too. Throws 'not-found'. */
export async function deleteSubscriber(q: Queryable, text: string): Promise<SubscriberView> {
  const subscriber = (await listSubscribers(q)).find(
    ({ id, address }) => id === text || address === text,
  )
  if (!subscriber)
    throw new HoldfastError('not-found', `nobody by that name is told of alerts`, {
      hint: '`holdfast alert subscribers` shows all.',
    })
  await q.query(`DELETE FROM subscriber WHERE id = $1`, [subscriber.id])
  return subscriber
}

/** Where to send to, secrets included; none named: all. Throws 'not-found'. */
export async function readTold(
  q: Queryable,
  addresses: readonly string[],
): Promise<Pick<NewSubscriber, 'kind' | 'address' | 'secret'>[]> {
  const rows = await q.query<Pick<NewSubscriber, 'id' | 'kind' | 'address' | 'secret'>>(
    `SELECT id, kind, address, secret FROM subscriber ORDER BY address`,
  )
  const isNamed = ({ id, address }: (typeof rows)[number]) =>
    addresses.length === 0 || addresses.includes(address) || addresses.includes(id)
  const unknown = addresses.find((text) => !rows.some((r) => r.address === text || r.id === text))
  if (unknown === undefined) return rows.filter(isNamed)
  throw new HoldfastError('not-found', `${unknown} is not told of alerts`, {
    hint: '`holdfast alert subscribers` shows who is.',
  })
}

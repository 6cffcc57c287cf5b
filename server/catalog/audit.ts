import { auditHash, type AuditEntry } from './audit-hash.ts'
import type { Database, Queryable } from './database.ts'
import { isoTime } from './time.ts'

/** Adds one entry. In a transaction of the change itself where there is one: both or neither. */
export async function appendAudit(q: Queryable, entry: AuditEntry): Promise<void> {
  const [head] = await q.query<{ id: number; hash: Buffer; at: Date }>(
    `SELECT id, hash, date_trunc('milliseconds', clock_timestamp()) AS at
       FROM audit_head FOR UPDATE`,
  )
  if (!head) throw new Error('the audit log has no head')
  const { actor, peer, method, object, outcome, code, notes } = entry
  const hash = auditHash(head.hash, head.at, entry)
  const id = head.id + 1
  await q.query(
    `INSERT INTO audit (id, at, actor, peer, method, object, outcome, code, notes, previous, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [id, head.at, actor, peer, method, object, outcome, code, notes, head.hash, hash],
  )
  await q.query(`UPDATE audit_head SET id = $1, hash = $2`, [id, hash])
}

export function audit(database: Database, entry: AuditEntry): Promise<void> {
  return database.tx((q) => appendAudit(q, entry))
}

export interface AuditRow extends AuditEntry {
  readonly id: number
  readonly at: Date
  readonly previous: Buffer
  readonly hash: Buffer
}

const COLUMNS = 'id, at, actor, peer, method, object, outcome, code, notes, previous, hash'

/** In order, after this id. */
export function readAudit(q: Queryable, after: number, limit: number): Promise<AuditRow[]> {
  return q.query(`SELECT ${COLUMNS} FROM audit WHERE id > $1 ORDER BY id LIMIT $2`, [after, limit])
}

export interface AuditFilter {
  readonly actor?: string | undefined
  readonly outcome?: string | undefined
  readonly since?: string | undefined
  /** 0 or absent: from the newest on. */
  readonly before?: number | undefined
  /** 0 or absent: 1,000. */
  readonly limit?: number | undefined
}

export interface AuditView extends AuditEntry {
  readonly id: number
  readonly at: string
  readonly hash: string
}

const ENTRIES_AT_ONCE = 1000

/** Newest first. */
export async function listAudit(q: Queryable, filter: AuditFilter): Promise<AuditView[]> {
  const rows = await q.query<AuditRow>(
    `SELECT ${COLUMNS} FROM audit
      WHERE ($1::text IS NULL OR actor = $1) AND ($2::text IS NULL OR outcome = $2)
        AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::bigint IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [
      filter.actor ?? null,
      filter.outcome ?? null,
      filter.since ?? null,
      filter.before || null,
      Math.min(filter.limit || ENTRIES_AT_ONCE, ENTRIES_AT_ONCE),
    ],
  )
  return rows.map(({ previous: _, hash, at, ...row }) => ({
    ...row,
    at: isoTime(at),
    hash: hash.toString('hex'),
  }))
}

export interface AuditHead {
  readonly id: number
  readonly hash: Buffer
}

export async function readAuditHead(q: Queryable): Promise<AuditHead> {
  const [head] = await q.query<AuditHead>(`SELECT id, hash FROM audit_head`)
  if (!head) throw new Error('the audit log has no head')
  return head
}

export interface AuditGap extends AuditHead {
  readonly first: number
  readonly at: Date
}

/** `id` and `hash` are those of the last entry that is missing. */
export function readAuditGaps(q: Queryable): Promise<AuditGap[]> {
  return q.query(`SELECT first, last AS id, hash, at FROM audit_gap ORDER BY first`)
}

/** The catalog was rebuilt: entries up to the sealed head are not in it, the chain goes on there. */
export async function resumeAudit(q: Queryable, sealed: AuditHead): Promise<void> {
  const head = await readAuditHead(q)
  if (sealed.id <= head.id) return
  await q.query(`INSERT INTO audit_gap (first, last, hash) VALUES ($1, $2, $3)`, [
    ...[head.id + 1, sealed.id, sealed.hash],
  ])
  await q.query(`UPDATE audit_head SET id = $1, hash = $2`, [sealed.id, sealed.hash])
}

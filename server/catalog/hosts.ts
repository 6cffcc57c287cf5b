import { HoldfastError } from '../../core/model/error.ts'
import type { Database, Queryable } from './database.ts'
import { isUniqueViolation } from './database-error.ts'
import { recordEvent } from './events.ts'
import { SILENCE_SECONDS } from './hosts-view.ts'

/** Hosts as identities: enrolled, renewed, heard of, renamed, limited, revoked. */

export interface HostIdentity {
  readonly id: string
  readonly name: string
  readonly revoked: boolean
  /** Serial numbers of certificates that are good: the newest, and the one it replaces. */
  readonly certificateSerial: string | null
  readonly previousSerial: string | null
  readonly certificateExpiresAt: Date | null
}

export interface IssuedCertificate {
  readonly serial: string
  readonly expiresAt: Date
}

export async function findHostIdentity(
  q: Queryable,
  id: string,
): Promise<HostIdentity | undefined> {
  const [row] = await q.query<HostIdentity>(
    `SELECT id, name, revoked_at IS NOT NULL AS revoked, certificate_serial AS "certificateSerial",
            previous_serial AS "previousSerial", certificate_expires_at AS "certificateExpiresAt"
       FROM host WHERE id = $1`,
    [id],
  )
  return row
}

/** Enrols a host of a new name, or, when `again`, one that is known by this name. Gives its id. */
export async function enrolHost(
  q: Queryable,
  host: { readonly id: string; readonly name: string; readonly again: boolean },
): Promise<string> {
  // `again` keeps id and history: an operator made a token for this very host.
  const [row] = await q.query<{ id: string }>(
    `INSERT INTO host (id, name) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET revoked_at = NULL, session = NULL, enrolled_at = now()
       WHERE $3 RETURNING id`,
    [host.id, host.name, host.again],
  )
  if (!row) throw nameTaken(host.name)
  const again = row.id === host.id ? '' : ' again'
  const message = `host ${host.name} was enrolled${again}`
  await recordEvent(q, { kind: 'host-enrolled', about: row.id, message })
  return row.id
}

/** The only certificate that is good from now on. */
export async function setCertificate(
  q: Queryable,
  id: string,
  issued: IssuedCertificate,
): Promise<void> {
  await q.query(
    `UPDATE host SET certificate_serial = $2, certificate_expires_at = $3, previous_serial = NULL
      WHERE id = $1`,
    [id, issued.serial, issued.expiresAt],
  )
}

/** `usedSerial`, which asked for it, stays good until the new certificate is seen. */
export async function recordRenewal(
  q: Queryable,
  id: string,
  usedSerial: string,
  issued: IssuedCertificate,
): Promise<void> {
  await q.query(
    `UPDATE host SET previous_serial = $2, certificate_serial = $3, certificate_expires_at = $4
      WHERE id = $1`,
    [id, usedSerial, issued.serial, issued.expiresAt],
  )
  await recordEvent(q, {
    kind: 'certificate-renewed',
    about: id,
    message: `a new certificate was issued, good until ${issued.expiresAt.toISOString()}`,
  })
}

export interface AgentGreeting {
  readonly version: string
  readonly protocol: number
  readonly features: readonly string[]
  readonly incompatibleReason: string | null
}

export async function recordGreeting(
  q: Queryable,
  id: string,
  greeting: AgentGreeting,
): Promise<void> {
  await q.query(
    `UPDATE host SET version = $2, protocol = $3, features = $4, incompatible_reason = $5,
            last_seen_at = now() WHERE id = $1`,
    [id, greeting.version, greeting.protocol, greeting.features, greeting.incompatibleReason],
  )
}

/** By how much the clock of its agent is ahead of the server's; negative: behind. */
export async function noteHostClock(q: Queryable, id: string, aheadSeconds: number): Promise<void> {
  await q.query(`UPDATE host SET clock_ahead_seconds = $2 WHERE id = $1`, [id, aheadSeconds])
}

/** Whether another agent process of this host was heard of a moment ago. */
export async function isHeldElsewhere(q: Queryable, id: string, session: string): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 AS one FROM host WHERE id = $1 AND session <> $2
        AND last_seen_at > now() - interval '${SILENCE_SECONDS} seconds'`,
    [id, session],
  )
  return rows.length > 0
}

/** True when this agent process is now, or was already, the only one of its host. */
export async function claimSession(q: Queryable, id: string, session: string): Promise<boolean> {
  const rows = await q.query(
    `UPDATE host SET session = $2, last_seen_at = now()
      WHERE id = $1 AND (session IS NULL OR session = $2
         OR last_seen_at < now() - interval '${SILENCE_SECONDS} seconds') RETURNING 1 AS one`,
    [id, session],
  )
  return rows.length > 0
}

export async function releaseSession(q: Queryable, id: string, session: string): Promise<void> {
  await q.query(`UPDATE host SET session = NULL WHERE id = $1 AND session = $2`, [id, session])
}

/** At start: a server that was killed could not release what it held. */
export async function releaseAllSessions(q: Queryable): Promise<void> {
  await q.query(`UPDATE host SET session = NULL WHERE session IS NOT NULL`)
}

/** Which of these hosts are revoked. */
export async function revokedAmong(q: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `SELECT id FROM host WHERE id = ANY($1::text[]) AND revoked_at IS NOT NULL`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

/** For ever: the host has to be enrolled anew. Again is no error. */
export async function revokeHost(database: Database, id: string, actor: string): Promise<void> {
  await database.tx(async (q) => {
    const rows = await q.query<{ name: string }>(
      `UPDATE host SET revoked_at = now(), session = NULL
        WHERE id = $1 AND revoked_at IS NULL RETURNING name`,
      [id],
    )
    for (const { name } of rows)
      await recordEvent(q, {
        kind: 'host-revoked',
        about: id,
        message: `host ${name} was revoked`,
        actor,
      })
  })
}

export async function renameHost(
  database: Database,
  id: string,
  name: string,
  actor: string,
): Promise<void> {
  requireHostName(name)
  try {
    await database.tx(async (q) => {
      await q.query(`UPDATE host SET name = $2 WHERE id = $1`, [id, name])
      const message = `the host is now called ${name}`
      await recordEvent(q, { kind: 'host-renamed', about: id, message, actor })
    })
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken(name) : error
  }
}

/** 0 = no limit. */
export async function throttleHost(
  database: Database,
  id: string,
  bytesPerSecond: number,
  actor: string,
): Promise<void> {
  if (!(Number.isSafeInteger(bytesPerSecond) && bytesPerSecond >= 0))
    throw new HoldfastError('invalid-argument', `${bytesPerSecond} is no limit in bytes a second`)
  await database.tx(async (q) => {
    await q.query(`UPDATE host SET bytes_per_second = $2 WHERE id = $1`, [id, bytesPerSecond])
    const limit = bytesPerSecond === 0 ? 'no limit' : `a limit of ${bytesPerSecond} bytes a second`
    const message = `the host has ${limit} now`
    await recordEvent(q, { kind: 'host-throttled', about: id, message, actor })
  })
}

/** A host's name is the part before the '/' of HOST/NAME, and goes into file names. */
export function requireHostName(name: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,62}$/u.test(name)) return
  throw new HoldfastError('invalid-argument', `${JSON.stringify(name)} cannot be a host's name`, {
    hint: 'letters, digits, dots, dashes and underscores; at most 63; a letter or digit first',
  })
}

function nameTaken(name: string): HoldfastError {
  return new HoldfastError('host-name-taken', `there is a host ${name} already`, {
    hint: 'give the agent another --name; for the same host again, `holdfast token create --host NAME`',
  })
}

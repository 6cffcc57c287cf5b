import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { AuditEntry, AuditOutcome } from '../catalog/audit-hash.ts'
import { audit } from '../catalog/audit.ts'
import type { Database } from '../catalog/database.ts'
import type { Caller } from './decide.ts'
import { ruleOf } from './methods.ts'

const LONGEST_NOTES = 4000

/** One call into the audit log. Of the request, only what the table of methods names. */
export function auditCall(
  database: Database,
  caller: Caller,
  method: string,
  request: object,
  error?: unknown,
): Promise<void> {
  const code = error === undefined ? null : toHoldfastError(error).code
  return audit(database, {
    actor: caller.name,
    peer: caller.from,
    method,
    ...whatOf(method, request as Fields),
    outcome: outcomeOf(error),
    code,
  })
}

type Fields = Readonly<Record<string, unknown>>

function outcomeOf(error: unknown): AuditOutcome {
  if (error === undefined) return 'done'
  return error instanceof HoldfastError && error.code === 'permission-denied' ? 'refused' : 'failed'
}

/** What the request is about, and what else of it may be kept. */
function whatOf(method: string, request: Fields): Pick<AuditEntry, 'object' | 'notes'> {
  const { names = {}, notes = [] } = ruleOf(method) ?? {}
  const named = Object.keys(names).flatMap((field) => texts(request[field]))
  const noted = notes.flatMap((field) => {
    const value = readable(request[field])
    return value === undefined ? [] : [[field, value] as const]
  })
  const [first] = noted
  const object = named.length > 0 ? named.join(', ') : texts(first?.[1]).join(', ')
  const kept = JSON.stringify(Object.fromEntries(noted))
  const tooLong = JSON.stringify({ shortened: kept.slice(0, LONGEST_NOTES / 2) })
  return {
    object: object.slice(0, LONGEST_NOTES),
    notes: kept.length > LONGEST_NOTES ? tooLong : kept,
  }
}

function texts(value: unknown): string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  return list.filter((one): one is string => typeof one === 'string' && one !== '')
}

/** Paths are bytes on the wire. Absent and empty fields say nothing. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(readable)
  if (value === '' || value === null || value === undefined || value === false) return undefined
  return typeof value === 'object' ? undefined : value
}

/** An address that tries tokens fills no log: one entry in this time says it. */
const QUIET_MS = 60_000
const MOST_PEERS = 1000

/** Callers that nobody knows, by where they came from. */
export class RefusedCredentials {
  readonly #database: Database
  readonly #now: () => number
  readonly #told = new Map<string, number>()

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  async note(peer: string, code: string): Promise<void> {
    const now = this.#now()
    const address = peer.replace(/:\d+$/, '')
    if (now - (this.#told.get(address) ?? -Infinity) < QUIET_MS) return
    if (this.#told.size >= MOST_PEERS) this.#told.clear()
    this.#told.set(address, now)
    await audit(this.#database, {
      ...{ actor: '', peer, method: 'SignIn', object: '', outcome: 'refused', code, notes: '{}' },
    })
  }
}

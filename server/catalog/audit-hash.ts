import { createHash } from 'node:crypto'

export type AuditOutcome = 'done' | 'failed' | 'refused'

/** What an entry says. `notes` is JSON text: it is hashed as it stands. */
export interface AuditEntry {
  readonly actor: string
  readonly peer: string
  readonly method: string
  readonly object: string
  readonly outcome: AuditOutcome
  readonly code: string | null
  readonly notes: string
}

/**
 * Covers all that the entry says, its time, and the hash of the entry before it. Not its id: an
 * entry that was moved is still itself, and is found by what it follows.
 */
export function auditHash(previous: Buffer, at: Date, entry: AuditEntry): Buffer {
  const { actor, peer, method, object, outcome, code, notes } = entry
  const said = [at.toISOString(), actor, peer, method, object, outcome, code, notes]
  return createHash('sha256').update(previous).update(JSON.stringify(said)).digest()
}

import { auditHash } from '../catalog/audit-hash.ts'
import {
  readAudit,
  readAuditGaps,
  readAuditHead,
  type AuditGap,
  type AuditHead,
  type AuditRow,
} from '../catalog/audit.ts'
import type { Queryable } from '../catalog/database.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { readAllSnapshots } from '../store/snapshot.ts'

/*
 * Is the audit log whole, and as it was written? Entry by entry: its hash covers what it says, and
 * it carries the hash of the one before it. At the end, the head; and the heads that were sealed
 * into the store, which somebody who rewrote all of the catalog did not have.
 */

export interface AuditProblem {
  /** Of the first entry that it concerns. */
  readonly id: number
  readonly kind: 'changed' | 'removed' | 'reordered' | 'head'
  readonly message: string
}

export interface AuditVerification {
  readonly entries: number
  readonly head: AuditHead
  readonly sealedHeads: number
  readonly problems: readonly AuditProblem[]
  readonly notes: readonly string[]
}

interface SealedHead extends AuditHead {
  readonly writtenAt: string
}

const BATCH = 1000
const MOST_PROBLEMS = 100

export async function verifyAudit(
  q: Queryable,
  store: Pick<ChunkStore, 'readDocument' | 'listDocuments'>,
): Promise<AuditVerification> {
  const sealed = await sealedHeads(store)
  // Entries that come meanwhile are the next verification's.
  const head = await readAuditHead(q)
  const walk = new ChainWalk(await readAuditGaps(q), sealed)
  for (let after = 0; walk.problems.length < MOST_PROBLEMS;) {
    const rows = (await readAudit(q, after, BATCH)).filter(({ id }) => id <= head.id)
    for (const row of rows) walk.entry(row)
    if (rows.length < BATCH) break
    after = rows.at(-1)?.id ?? after
  }
  walk.end(head)
  const { entries, problems, notes, agreeing } = walk
  const shown = problems.slice(0, MOST_PROBLEMS)
  return { entries, head, sealedHeads: agreeing, problems: shown, notes }
}

class ChainWalk {
  readonly problems: AuditProblem[] = []
  readonly notes: string[] = []
  entries = 0
  agreeing = 0
  readonly #gaps: readonly AuditGap[]
  readonly #sealed: Map<number, SealedHead[]>
  #expected = 1
  /** Null: unknown, because what was there is gone and that has been said. */
  #previous: Buffer | null = Buffer.alloc(32)

  constructor(gaps: readonly AuditGap[], sealed: readonly SealedHead[]) {
    this.#gaps = gaps
    this.#sealed = Map.groupBy(sealed, ({ id }) => id)
  }

  entry(row: AuditRow): void {
    this.#skipTo(row.id)
    this.entries++
    if (!auditHash(row.previous, row.at, row).equals(row.hash))
      this.#problem(
        row.id,
        'changed',
        `entry ${row.id} does not say what it said when it was written`,
      )
    else if (this.#previous && !row.previous.equals(this.#previous))
      this.#problem(
        row.id,
        'reordered',
        `entry ${row.id} does not follow the one before it: one of the two was moved or replaced`,
      )
    this.#compareSealed(row)
    this.#previous = row.hash
    this.#expected = row.id + 1
  }

  end(head: AuditHead): void {
    this.#skipTo(head.id + 1)
    if (this.#previous && !head.hash.equals(this.#previous))
      this.#problem(head.id, 'head', `entry ${head.id} is not the one that was written last`)
    for (const [{ id, writtenAt }] of this.#sealed.values() as Iterable<[SealedHead]>)
      if (id > head.id)
        this.#problem(id, 'removed', `entry ${id} was there on ${writtenAt}, when it was sealed`)
  }

  /** Up to `id` everything has to be there, or be known to have been lost. */
  #skipTo(id: number): void {
    while (this.#expected < id) {
      const gap = this.#gaps.find(({ first }) => first === this.#expected)
      if (!gap) {
        const which =
          id - 1 === this.#expected
            ? `entry ${id - 1} is`
            : `entries ${this.#expected} to ${id - 1} are`
        this.#problem(this.#expected, 'removed', `${which} missing`)
        this.#expected = id
        this.#previous = null
        return
      }
      this.notes.push(
        `entries ${gap.first} to ${gap.id} were lost with a catalog; it was rebuilt on ${gap.at.toISOString()}`,
      )
      this.#expected = gap.id + 1
      this.#previous = gap.hash
    }
  }

  #compareSealed({ id, hash }: AuditRow): void {
    for (const sealed of this.#sealed.get(id) ?? [])
      if (sealed.hash.equals(hash)) this.agreeing++
      else
        this.#problem(
          id,
          'changed',
          `entry ${id} is not the one that was sealed on ${sealed.writtenAt}`,
        )
  }

  #problem(id: number, kind: AuditProblem['kind'], message: string): void {
    this.problems.push({ id, kind, message })
  }
}

async function sealedHeads(
  store: Pick<ChunkStore, 'readDocument' | 'listDocuments'>,
): Promise<SealedHead[]> {
  const heads: SealedHead[] = []
  for await (const { tables, writtenAt } of readAllSnapshots(store)) {
    const head = sealedHead(tables)
    if (head && head.id > 0) heads.push({ ...head, writtenAt })
  }
  return heads
}

/** The head that a snapshot holds; undefined in those from before there was an audit log. */
export function sealedHead(
  tables: Readonly<Record<string, readonly Record<string, unknown>[]>>,
): AuditHead | undefined {
  const [row] = tables['audit_head'] ?? []
  const { id, hash } = row ?? {}
  if (typeof id !== 'number' || typeof hash !== 'string') return undefined
  return { id, hash: Buffer.from(hash.replace(/^\\x/, ''), 'hex') }
}

import type { VerifyPool } from '../../core/chunk/serve-pool.ts'
import type { Random } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../catalog/alerts.ts'
import type { ChunkUse } from '../catalog/damage.ts'
import type { Database } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  listPacksOfVersions,
  listSealedPacks,
  listVerifiablePoints,
  markPackVerified,
  markPointsVerified,
  readSegmentsOfPack,
  stillInPack,
  type PackToVerify,
} from '../catalog/verification.ts'
import { damageInPack, unmarkDamage } from '../catalog/healed.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { damagedRanges, type DamagedRange } from './damaged-ranges.ts'
import { DAMAGE_ALERT } from './heal-damage.ts'
import { recordDamage } from './record-damage.ts'
import { verifyManifests } from './verify-manifests.ts'
import { verifyPack, type PackFinding } from './verify-pack.ts'

export interface VerifyDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly pool: VerifyPool
  readonly random: Random
}

export interface VerifyRun {
  /** Id of the job, or what else found the damage. */
  readonly foundBy: string
  readonly signal: AbortSignal
  /** Stored bytes. */
  progress(doneBytes: number, totalBytes: number): void
}

export interface VerifyScope {
  /** Ids of points; not looked at with `all`. */
  readonly points: readonly string[]
  readonly all: boolean
  /** Stop after so many stored bytes: a slice. */
  readonly limitBytes?: number | undefined
}

export interface VerifyOutcome {
  readonly checkedChunks: number
  /** Stored bytes. */
  readonly checkedBytes: number
  /** Of the points that were asked for. */
  readonly damaged: readonly DamagedRange[]
  /** Packs whose own header or footer is damaged, manifests, and new damage of other points. */
  readonly warnings: readonly string[]
  /** False: the limit was reached; the next run goes on with what was not looked at longest. */
  readonly complete: boolean
}

const PACK_ALERT = 'pack-damaged'
const MANIFEST_ALERT = 'manifest-damaged'

/** Packs that are read at once, so that the workers never wait for the end of one. */
const PACKS_AT_ONCE = 2

/**
 * Compares stored chunks with their digests.
 *
 * 1. Choose the packs: those that the points need, or all, the longest unverified first.
 * 2. Read each forward, decompress, hash, compare with the catalog (verify-pack.ts).
 * 3. Set damage aside: nothing is deleted; chunks and points are marked, with an event and an alert.
 *    What was set aside and is whole now lives again.
 * 4. Points all of whose packs this run has read, and found whole, are verified; so are their
 *    manifests, which a rebuild would need.
 */
export async function verify(
  deps: VerifyDeps,
  scope: VerifyScope,
  run: VerifyRun,
): Promise<VerifyOutcome> {
  const { database } = deps
  const points = await listVerifiablePoints(database, scope.all ? null : scope.points)
  const packs = scope.all
    ? await listSealedPacks(database)
    : await listPacksOfVersions(
        database,
        points.map((point) => point.version),
      )
  const chosen = withinLimit(packs, scope.limitBytes ?? Infinity)
  const asked = scope.all ? undefined : new Set(points.map((point) => point.version))
  const state = new VerifyState(deps, run, chosen, asked)
  await state.verifyAll()
  const complete = chosen.length === packs.length
  if (!complete) return { ...(await state.result()), complete }
  await state.verifyManifests(points.map((point) => point.version))
  await markPointsVerified(
    database,
    points.map((point) => point.id),
  )
  return { ...(await state.result()), complete }
}

/** At least one pack, so that a small limit still gets on. */
function withinLimit(packs: readonly PackToVerify[], limit: number): PackToVerify[] {
  let sum = 0
  return packs.filter((pack, i) => {
    sum += pack.bytes
    return i === 0 || sum <= limit
  })
}

function* each<T>(items: readonly T[]): Generator<T> {
  yield* items
}

class VerifyState {
  readonly #deps: VerifyDeps
  readonly #run: VerifyRun
  readonly #packs: readonly PackToVerify[]
  /** Versions whose damage is told; undefined: all. */
  readonly #asked: ReadonlySet<number> | undefined
  readonly #uses: ChunkUse[] = []
  readonly #warnings: string[] = []
  #checkedChunks = 0
  #checkedBytes = 0
  readonly #totalBytes: number
  #doneBytes = 0

  constructor(
    deps: VerifyDeps,
    run: VerifyRun,
    packs: readonly PackToVerify[],
    asked: ReadonlySet<number> | undefined,
  ) {
    this.#asked = asked
    this.#deps = deps
    this.#run = run
    this.#packs = packs
    this.#totalBytes = packs.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  async verifyAll(): Promise<void> {
    this.#run.progress(0, this.#totalBytes)
    // A lane that throws closes the generator that both share: the other one ends with its pack.
    const waiting = each(this.#packs)
    const lanes = Array.from({ length: PACKS_AT_ONCE }, async () => {
      for (const pack of waiting) await this.#verifyOne(pack)
    })
    const ended = await Promise.allSettled(lanes)
    for (const lane of ended) if (lane.status === 'rejected') throw lane.reason
  }

  async verifyManifests(versions: readonly number[]): Promise<void> {
    const { database, store, random } = this.#deps
    const findings = await verifyManifests(database, store, versions, this.#run.signal)
    this.#warnings.push(...findings)
    if (findings.length === 0 && !this.#asked)
      // all were looked at
      await resolveAlert(database, MANIFEST_ALERT, store.storeId)
    for (const cause of findings)
      await raiseAlert(database, random, {
        type: MANIFEST_ALERT,
        severity: 'warning',
        object: store.storeId,
        cause,
        action:
          'Check the disk below the store. The points restore, but a rebuild would miss them.',
      })
  }

  async result(): Promise<Omit<VerifyOutcome, 'complete'>> {
    return {
      checkedChunks: this.#checkedChunks,
      checkedBytes: this.#checkedBytes,
      damaged: await damagedRanges(this.#deps.database, this.#uses),
      warnings: this.#warnings,
    }
  }

  async #verifyOne(pack: PackToVerify): Promise<void> {
    this.#run.signal.throwIfAborted()
    const { database } = this.#deps
    const segments = await readSegmentsOfPack(database, pack.id)
    const found = await verifyPack(this.#deps, pack, segments)
    await this.#record(pack, found)
    await this.#heal(pack, found)
    if (found.packDamage === undefined) await resolveAlert(database, PACK_ALERT, pack.name)
    await markPackVerified(database, pack.id)
    this.#checkedChunks += found.checkedChunks
    this.#checkedBytes += found.checkedBytes
    this.#doneBytes += pack.bytes
    this.#run.progress(this.#doneBytes, this.#totalBytes)
  }

  async #record(pack: PackToVerify, { damaged, packDamage }: PackFinding): Promise<void> {
    const { database } = this.#deps
    const reasons = new Map<string, number[]>()
    // Compaction may have taken the pack away while it was read: then nothing is damaged.
    const chunks = damaged.map(({ chunk }) => chunk)
    const present = new Set(await stillInPack(database, pack.id, chunks))
    for (const { chunk, reason } of damaged)
      if (present.has(chunk)) reasons.set(reason, [...(reasons.get(reason) ?? []), chunk])
    for (const [cause, bad] of reasons) await this.#setAside(pack, bad, cause)
    if (packDamage === undefined) return
    const stillNamed = (await readSegmentsOfPack(database, pack.id)).length > 0
    if (stillNamed) await this.#warn(pack, packDamage)
  }

  async #setAside(pack: PackToVerify, chunks: readonly number[], cause: string): Promise<void> {
    const { database, random } = this.#deps
    const found = { chunks, foundBy: this.#run.foundBy, cause }
    const { uses, fresh } = await recordDamage(database, found)
    const told = uses.filter((use) => this.#asked?.has(use.version) ?? true)
    for (const use of told) this.#uses.push(use)
    // What is known already was told when it was found, and concerns none of these points.
    if (told.length === 0 && fresh > 0) {
      const of = uses.length > 0 ? 'of other points' : 'that no point names'
      this.#warnings.push(`pack ${pack.name}: ${fresh} damaged chunks ${of}`)
    }
    if (uses.length === 0 && fresh === 0) return // healed: nothing names it any more
    await raiseAlert(database, random, {
      type: DAMAGE_ALERT,
      severity: 'critical',
      object: pack.name,
      cause: `${chunks.length} chunks of pack ${pack.name}: ${cause}`,
      action: 'Check the disk below the store, then run `holdfast check` on the sources concerned.',
      command: 'holdfast verify --all',
    })
  }

  async #heal(pack: PackToVerify, { damaged }: PackFinding): Promise<void> {
    const bad = new Set(damaged.map(({ chunk }) => chunk))
    await this.#deps.database.tx(async (q) => {
      const whole = (await damageInPack(q, pack.id)).filter((chunk) => !bad.has(chunk))
      if (whole.length === 0) return
      for (const point of await unmarkDamage(q, whole))
        await recordEvent(q, {
          kind: 'point-healed',
          about: point,
          message: `${this.#run.foundBy} found whole what was damaged before`,
        })
      await resolveAlert(q, DAMAGE_ALERT, pack.name)
    })
  }

  async #warn(pack: PackToVerify, why: string): Promise<void> {
    const message = `pack ${pack.name} is not as it was written: ${why}`
    this.#warnings.push(message)
    await this.#deps.database.tx(async (q) => {
      await recordEvent(q, { kind: 'pack-damaged', about: pack.name, message })
      await raiseAlert(q, this.#deps.random, {
        type: PACK_ALERT,
        severity: 'warning',
        object: pack.name,
        cause: message,
        action: 'Check the disk below the store. A rebuild would read its records one by one.',
      })
    })
  }
}

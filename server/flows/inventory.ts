import { HoldfastError } from '../../core/model/error.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../catalog/alerts.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import * as offered from '../catalog/offered.ts'
import { setRival } from '../catalog/rivals.ts'
import { putOfferedDisks } from './inventory-disks.ts'
import {
  matchInventory,
  rivalsOf,
  type InventoryMatch,
  type OfferedSource,
  type Placed,
} from './inventory-match.ts'

/** The whole of what a host offers; replaces the last one. */
export interface Inventory {
  readonly sources: readonly OfferedSource[]
  readonly restoreRoots: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Brings the catalog's data sources in line with what `host` (an id) offers, in one transaction:
 * 1. which known one each offered one is (inventory-match.ts); 2. names make room; 3. new and
 * changed rows, disks with them; 4. what is offered no longer is marked so, never deleted; 5. what
 * another host owns is left alone and told.
 */
export async function applyInventory(
  database: Database,
  random: Random,
  host: string,
  inventory: Inventory,
): Promise<void> {
  await database.tx(async (q) => {
    const owner = await offered.lockHost(q, host)
    if (!owner) throw new HoldfastError('not-found', `there is no host ${host}`)
    const uuids = inventory.sources.map((s) => s.uuid).filter(Boolean)
    const match = matchInventory(
      await offered.sourcesOfHost(q, host),
      await offered.sourcesElsewhere(q, host, uuids),
      inventory.sources,
    )
    const run = new Application(q, random, { id: host, name: owner.name })
    await run.makeRoom(match)
    await run.place(match)
    await run.vanish(match)
    await setRival(q, host, rivalsOf(match))
    await offered.setHostNotes(q, host, inventory.restoreRoots, [
      ...inventory.warnings,
      ...(await run.refuse(match)),
    ])
  })
}

class Application {
  readonly #q: Queryable
  readonly #random: Random
  readonly #host: { readonly id: string; readonly name: string }

  constructor(q: Queryable, random: Random, host: { id: string; name: string }) {
    this.#q = q
    this.#random = random
    this.#host = host
  }

  /** Names are unique per host at every moment, so who changes its name first takes its id for one. */
  async makeRoom(match: InventoryMatch): Promise<void> {
    const renamed = match.same.filter(({ known, name }) => known.name !== name)
    for (const { known } of renamed) await offered.setSourceName(this.#q, known.id, known.id)
    for (const { known, name } of match.aside) {
      await offered.setSourceName(this.#q, known.id, name)
      await this.#tell(
        'source-renamed',
        known.id,
        `${known.name} is called ${name} now: another has its name`,
      )
    }
    for (const { known, name } of renamed)
      await this.#tell('source-renamed', known.id, `${known.name} is called ${name} now`)
  }

  async place(match: InventoryMatch): Promise<void> {
    for (const placed of match.fresh) {
      const id = randomId(this.#random, 'source')
      await offered.insertSource(this.#q, this.#fields(id, placed))
      await this.#tell('source-appeared', id, `${this.#host.name}/${placed.name} is offered`)
      await this.#details(id, placed.offered)
    }
    for (const placed of match.moved) {
      const { id, hostName, name } = placed.from
      await offered.updateSource(this.#q, this.#fields(id, placed))
      await this.#tell(
        'source-owner-moved',
        id,
        `${hostName}/${name} moved to ${this.#host.name}/${placed.name}: ${hostName} no longer has it`,
      )
      await this.#details(id, placed.offered)
    }
    for (const placed of match.same) await this.#refresh(placed)
  }

  async #refresh(placed: InventoryMatch['same'][number]): Promise<void> {
    const { known, offered: now, name } = placed
    const uuid = now.uuid || known.uuid
    if (!known.present) await this.#tell('source-returned', known.id, `${name} is back`)
    if (known.key !== now.key)
      await this.#tell('source-place-changed', known.id, `${name} is at ${now.key} now`)
    const changed =
      !known.present ||
      known.key !== now.key ||
      known.name !== name ||
      known.uuid !== uuid ||
      known.powerState !== now.powerState ||
      known.firmware !== now.firmware
    if (changed) await offered.updateSource(this.#q, { ...this.#fields(known.id, placed), uuid })
    await this.#details(known.id, now)
  }

  async vanish(match: InventoryMatch): Promise<void> {
    for (const known of match.vanished) {
      await offered.setSourcePresent(this.#q, known.id, false)
      await this.#tell('source-vanished', known.id, `${known.name} is no longer offered`)
    }
  }

  /** Says so on the host, and in an alert that ends with the next inventory that is right. */
  async refuse(match: InventoryMatch): Promise<string[]> {
    const warnings = match.refused.map(
      ({ offered: source, owner }) =>
        `source-owned-elsewhere: ${source.name} (${source.uuid}) belongs to ${owner.hostName}/${owner.name}`,
    )
    if (warnings.length === 0) await resolveAlert(this.#q, OWNED_ELSEWHERE, this.#host.id)
    else
      await raiseAlert(this.#q, this.#random, {
        type: OWNED_ELSEWHERE,
        severity: 'warning',
        object: this.#host.id,
        cause: warnings.join('; '),
        action:
          'Where it runs on both, stop one. If it has moved for good: `holdfast source move-owner SOURCE HOST`.',
      })
    return warnings
  }

  #fields(id: string, { offered: source, name }: Placed): offered.SourceFields {
    const { key, kind, uuid, powerState, firmware } = source
    return { id, host: this.#host.id, key, name, kind, uuid, powerState, firmware }
  }

  /** What may change with every inventory, without an event. */
  async #details(source: string, now: OfferedSource): Promise<void> {
    await offered.setTags(this.#q, source, now.tags ?? [])
    await putOfferedDisks(this.#q, source, now.disks, CHUNK_BYTES, this.#host.name)
  }

  async #tell(kind: string, about: string, message: string): Promise<void> {
    await recordEvent(this.#q, { kind, about, message, actor: this.#host.name })
  }
}

const OWNED_ELSEWHERE = 'source-owned-elsewhere'

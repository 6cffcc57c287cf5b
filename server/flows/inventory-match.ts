/**
 * Decides which known data source each offered one is. Pure: rules only, no statement. A history
 * belongs to a VM's uuid, else to the agent's own key, else to the name.
 */

export interface OfferedDisk {
  readonly name: string
  readonly path: string
  readonly format: string
  readonly sizeBytes: number
  readonly protectable: boolean
  readonly reason: string
}

/** As the agent sends it. */
export interface OfferedSource {
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly uuid: string
  readonly disks: readonly OfferedDisk[]
  readonly present: boolean
  /** Of a VM: running, paused, migrating or off. '': nobody says where it runs. */
  readonly powerState: string
  readonly firmware: string
  readonly tags?: readonly string[]
}

/** What identifies a data source that the catalog has. */
export interface KnownSource {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly uuid: string
  readonly present: boolean
  readonly powerState: string
  readonly firmware: string
}

/** A data source of another host that an offered uuid belongs to. */
export interface SourceElsewhere extends KnownSource {
  readonly host: string
  readonly hostName: string
  readonly isHostOnline: boolean
}

export interface Placed {
  readonly offered: OfferedSource
  /** Its name on this host, unique; the offered one unless that is taken. */
  readonly name: string
}

export interface InventoryMatch {
  readonly same: readonly (Placed & { readonly known: KnownSource })[]
  /** The host that owned it no longer has it: its history comes along. */
  readonly moved: readonly (Placed & { readonly from: SourceElsewhere })[]
  readonly fresh: readonly Placed[]
  readonly refused: readonly { readonly offered: OfferedSource; readonly owner: SourceElsewhere }[]
  readonly vanished: readonly KnownSource[]
  /** Make room for one that now has their name. */
  readonly aside: readonly { readonly known: KnownSource; readonly name: string }[]
}

type Verdict =
  | { readonly known: KnownSource }
  | { readonly from: SourceElsewhere }
  | { readonly owner: SourceElsewhere }
  | 'standby'
  | 'fresh'

/** `known` are this host's own, derived ones included: those only keep their names taken. */
export function matchInventory(
  known: readonly KnownSource[],
  elsewhere: readonly SourceElsewhere[],
  offered: readonly OfferedSource[],
): InventoryMatch {
  const derived = known.filter((k) => k.kind === 'derived')
  const candidates = known.filter((k) => k.kind !== 'derived')
  const present = offered.filter((o) => o.present)
  const verdicts = decide(candidates, elsewhere, present)
  const names = new Set(derived.map((k) => k.name))
  const match = { same: [], moved: [], fresh: [], refused: [] } as Mutable<
    Pick<InventoryMatch, 'same' | 'moved' | 'fresh' | 'refused'>
  >
  const listed = new Set<string>()
  for (const [source, verdict] of verdicts) {
    if (verdict === 'standby') continue
    if (verdict !== 'fresh' && 'owner' in verdict) {
      match.refused.push({ offered: source, owner: verdict.owner })
      continue
    }
    const placed = { offered: source, name: takeName(names, source.name) }
    if (verdict === 'fresh') match.fresh.push(placed)
    else if ('from' in verdict) match.moved.push({ ...placed, from: verdict.from })
    else match.same.push({ ...placed, known: verdict.known })
    if (verdict !== 'fresh' && 'known' in verdict) listed.add(verdict.known.id)
  }
  const absent = candidates.filter((k) => !listed.has(k.id))
  const aside = absent
    .map((k) => ({ known: k, name: takeName(names, k.name) }))
    .filter(({ known: k, name }) => name !== k.name)
  return { ...match, vanished: absent.filter((k) => k.present), aside }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }

function decide(
  known: readonly KnownSource[],
  elsewhere: readonly SourceElsewhere[],
  offered: readonly OfferedSource[],
): Map<OfferedSource, Verdict> {
  const verdicts = new Map<OfferedSource, Verdict>()
  const free = new Set(known)
  const claim = (source: OfferedSource, fits: (k: KnownSource) => boolean): void => {
    if (verdicts.has(source)) return
    const found = [...free].find(fits)
    if (!found) return
    free.delete(found)
    verdicts.set(source, { known: found })
  }
  for (const source of offered) if (source.uuid) claim(source, (k) => k.uuid === source.uuid)
  for (const source of offered) {
    const owner = source.uuid && elsewhere.find((k) => k.uuid === source.uuid)
    if (owner && !verdicts.has(source)) verdicts.set(source, elsewhereVerdict(source, owner))
  }
  for (const source of offered)
    claim(source, (k) => k.key === source.key && k.kind === source.kind && sameUuid(k, source))
  for (const source of offered)
    claim(source, (k) => k.name === source.name && k.kind === source.kind && sameUuid(k, source))
  const decided = offered.map((s): [OfferedSource, Verdict] => [s, verdicts.get(s) ?? 'fresh'])
  return new Map(decided.sort((a, b) => Number(keepsName(b)) - Number(keepsName(a))))
}

const isActive = ({ powerState }: { readonly powerState: string }) =>
  powerState === 'running' || powerState === 'paused'

/**
 * A VM that runs here belongs here, unless it runs at its owner's too. One that is off here, and that
 * another host owns, is a declaration kept for the day on which it moves back.
 */
function elsewhereVerdict(source: OfferedSource, owner: SourceElsewhere): Verdict {
  if (!owner.present) return { from: owner }
  if (source.powerState === '' || owner.powerState === '') return { owner }
  if (!isActive(source)) return 'standby'
  return isActive(owner) && owner.isHostOnline ? { owner } : { from: owner }
}

/** Owned elsewhere, and running at both places. */
export function rivalsOf(match: InventoryMatch): string[] {
  const both = match.refused.filter(({ offered, owner }) => isActive(offered) && isActive(owner))
  return both.map(({ owner }) => owner.id)
}

// Who has a name already keeps it when two are offered under one, whatever order they come in.
function keepsName([source, verdict]: [OfferedSource, Verdict]): boolean {
  return typeof verdict === 'object' && 'known' in verdict && verdict.known.name === source.name
}

// Two VMs that both have a uuid are two VMs, whatever else is alike.
function sameUuid(known: KnownSource, offered: OfferedSource): boolean {
  return known.uuid === '' || offered.uuid === '' || known.uuid === offered.uuid
}

function takeName(taken: Set<string>, wanted: string): string {
  let name = wanted
  for (let n = 2; taken.has(name); n++) name = `${wanted}~${n}`
  taken.add(name)
  return name
}

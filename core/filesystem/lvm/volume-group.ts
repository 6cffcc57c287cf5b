import { toHoldfastError } from '../../model/error.ts'
import { damaged } from '../damaged.ts'
import { parseMetadata, type Section, type Value } from './metadata-text.ts'

export interface VolumeGroup {
  readonly name: string
  readonly id: string
  readonly sequence: number
  readonly extentBytes: number
  readonly physical: ReadonlyMap<string, PhysicalPlace>
  readonly logical: readonly LogicalVolume[]
}

export interface PhysicalPlace {
  readonly id: string
  /** Where extent 0 lies. */
  readonly firstBytes: number
  readonly extents: number
}

export interface LogicalVolume {
  readonly name: string
  readonly segments: readonly Segment[]
  /** Why its bytes cannot be had: `a thin volume`. */
  readonly refusal: string | undefined
}

/** A row of extents, on one physical volume or, in stripes, on several. */
export interface Segment {
  readonly start: number
  readonly extents: number
  readonly stripeBytes: number
  readonly stripes: readonly { readonly volume: string; readonly extent: number }[]
}

const SECTOR = 512
const MAX_VOLUMES = 10_000
const MAX_SEGMENTS = 100_000
const MAX_EXTENTS = 2 ** 32

/** What people call the kinds of segments that are no plain rows of extents. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^thin-pool$/, 'a pool of thin volumes'],
  [/^thin$/, 'a thin volume'],
  [/^(mirror|raid1)$/, 'a mirrored volume'],
  [/^raid/, 'a RAID volume'],
  [/^(cache|writecache)/, 'a cached volume'],
  [/^vdo/, 'a VDO volume'],
  [/^snapshot$/, 'a snapshot'],
  [/^integrity$/, 'a volume with integrity data'],
  [/^error$/, 'a volume that gives nothing but errors'],
  [/^zero$/, 'a volume of zeros'],
]

export function parseGroup(text: string): VolumeGroup {
  const whole = parseMetadata(text)
  const [found, ...others] = Object.entries(whole).filter(([, value]) => isSection(value))
  if (!found || others.length > 0) throw damaged('lvm2: the metadata are of no single group')
  const [name, value] = found
  const group = value as Section
  const where = `lvm2: the group ${name}`
  if (text1(group, 'format', where) !== 'lvm2') throw damaged(`${where} has an unknown format`)
  const extentBytes = number1(group, 'extent_size', where) * SECTOR
  if (extentBytes === 0) throw damaged(`${where} has extents of no size`)
  const places = sections(group, 'physical_volumes', where)
  const volumes = sections(group, 'logical_volumes', where)
  return {
    name: plainName(name),
    id: plainId(text1(group, 'id', where)),
    sequence: number1(group, 'seqno', where),
    extentBytes,
    physical: new Map(places.map(([key, one]) => [key, parsePlace(one, `${where}: ${key}`)])),
    logical: parseVolumes(volumes, where),
  }
}

function parsePlace(section: Section, where: string): PhysicalPlace {
  return {
    id: plainId(text1(section, 'id', where)),
    firstBytes: number1(section, 'pe_start', where) * SECTOR,
    extents: number1(section, 'pe_count', where),
  }
}

/** Those that people see: pools and mirrors have inner ones beside. */
function parseVolumes(all: readonly [string, Section][], where: string): LogicalVolume[] {
  const stores = new Set(all.flatMap(([name, one]) => snapshotStores(one, `${where}: ${name}`)))
  const found: LogicalVolume[] = []
  for (const [name, section] of all) {
    const status = section['status']
    if (!Array.isArray(status) || !status.includes('VISIBLE')) continue
    const isStore = stores.has(name)
    const known = plainName(name)
    const parse = () => parseVolume(known, section, `${where}: ${name}`, isStore)
    found.push(orDamaged(parse, (what) => ({ name: known, segments: [], refusal: what })))
  }
  return found
}

/** A volume that is damaged does not hide the others. */
function orDamaged<T>(work: () => T, instead: (what: string) => T): T {
  try {
    return work()
  } catch (error) {
    const { code, message } = toHoldfastError(error)
    if (code !== 'filesystem-damaged') throw error
    return instead(`a damaged volume (${message})`)
  }
}

function snapshotStores(volume: Section, where: string): string[] {
  const segments = orDamaged(
    () => segmentsOf(volume, where),
    () => [],
  )
  return segments.flatMap(({ type, section }) =>
    type === 'snapshot'
      ? [section['cow_store'], section['merging_store']].filter((one) => typeof one === 'string')
      : [],
  )
}

function parseVolume(
  name: string,
  volume: Section,
  where: string,
  isStore: boolean,
): LogicalVolume {
  const all = segmentsOf(volume, where)
  const other = all.find(({ type }) => type !== 'striped' && type !== 'linear')
  if (isStore) return { name, segments: [], refusal: 'a snapshot' }
  if (other) return { name, segments: [], refusal: kindOf(other.type) }
  return {
    name,
    segments: inOrder(
      all.map((one) => parseSegment(one.section, where)),
      where,
    ),
    refusal: undefined,
  }
}

function kindOf(type: string): string {
  const known = KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'a volume of an unknown kind'
  return `${known} (${type.slice(0, 40)})`
}

function segmentsOf(volume: Section, where: string): { type: string; section: Section }[] {
  const count = number1(volume, 'segment_count', where)
  if (count > MAX_SEGMENTS) throw damaged(`${where} has ${count} segments`)
  return Array.from({ length: count }, (_, index) => {
    const section = volume[`segment${index + 1}`]
    if (!section || !isSection(section)) throw damaged(`${where} lacks segment ${index + 1}`)
    return { type: text1(section, 'type', where), section }
  })
}

function parseSegment(section: Section, where: string): Segment {
  const extents = number1(section, 'extent_count', where)
  const count = number1(section, 'stripe_count', where)
  const list = section['stripes']
  if (!Array.isArray(list) || count < 1 || list.length !== count * 2 || extents % count !== 0)
    throw damaged(`${where} has broken stripes`)
  const stripes = Array.from({ length: count }, (_, index) => {
    const [volume, extent] = list.slice(index * 2, index * 2 + 2) as unknown[]
    if (typeof volume !== 'string' || !isCount(extent)) throw damaged(`${where} has broken stripes`)
    return { volume, extent }
  })
  const stripeBytes = count === 1 ? 0 : number1(section, 'stripe_size', where) * SECTOR
  if (count > 1 && stripeBytes === 0) throw damaged(`${where} has stripes of no size`)
  return { start: number1(section, 'start_extent', where), extents, stripeBytes, stripes }
}

function inOrder(segments: Segment[], where: string): Segment[] {
  const sorted = segments.sort((a, b) => a.start - b.start)
  let end = 0
  for (const { start, extents } of sorted) {
    if (start !== end || extents === 0) throw damaged(`${where} has a gap at extent ${end}`)
    end += extents
  }
  if (end > MAX_EXTENTS) throw damaged(`${where} has ${end} extents`)
  return sorted
}

function sections(group: Section, name: string, where: string): [string, Section][] {
  const value = group[name]
  // A group without volumes has no such section.
  if (value === undefined) return []
  if (!isSection(value)) throw damaged(`${where} has no ${name}`)
  const found = Object.entries(value)
  if (found.length > MAX_VOLUMES) throw damaged(`${where} has ${found.length} ${name}`)
  return found.map(([key, one]) => {
    if (!isSection(one)) throw damaged(`${where} has a broken ${key}`)
    return [key, one]
  })
}

function isSection(value: Value): value is Section {
  return typeof value === 'object' && !Array.isArray(value)
}

function text1(section: Section, name: string, where: string): string {
  const value = section[name]
  if (typeof value !== 'string') throw damaged(`${where} has no ${name}`)
  return value
}

function number1(section: Section, name: string, where: string): number {
  const value = section[name]
  if (!isCount(value)) throw damaged(`${where} has no ${name}`)
  return value
}

/** No real one is larger, and products of two still fit into a number where one is an extent's size. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 42
}

function plainId(id: string): string {
  return id.replaceAll('-', '')
}

/** LVM allows no others, and an address must be able to hold them. */
function plainName(name: string): string {
  if (!/^[\w.+-]{1,128}$/.test(name))
    throw damaged('lvm2: a name has characters that none can have')
  return name
}

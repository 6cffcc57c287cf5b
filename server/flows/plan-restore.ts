import type { VolumeLayout } from '../../core/filesystem/browse/layout.ts'
import { HoldfastError } from '../../core/model/error.ts'
import {
  requireHolds,
  restoredFileName,
  sizeInFormat,
  usualFormat,
  type RestoreFormat,
} from '../../core/model/restore-format.ts'
import { allocatedBytes } from '../catalog/allocated.ts'
import type { Queryable } from '../catalog/database.ts'
import { recoveryRate } from '../catalog/jobs-view.ts'
import { getPoint, type PointView } from '../catalog/points.ts'
import {
  offeredPaths,
  readDiskPlaces,
  readRestoreHost,
  readRestoreOrigin,
  type RestoreHost,
  type RestoreOrigin,
} from '../catalog/restore-target.ts'
import type { MachineRequest } from '../catalog/job-requests.ts'
import {
  readVersionConfiguration,
  readVersionDisks,
  type VersionDiskRow,
} from '../catalog/versions.ts'
import {
  checkMachineHost,
  disksOfMachine,
  formatsOfMachine,
  machineChanges,
  wholeMachine,
  type WholeMachine,
} from './plan-machine.ts'
import { partAsDisk, partInWords, partSuffix, requirePart } from './plan-part.ts'
import { checkTarget } from './restore-place.ts'

/** What is asked for; names are resolved to ids, the format to one that exists. */
export interface RestoreWish {
  readonly point: string
  readonly original: boolean
  /** Id; absent when original. */
  readonly toHost?: string | undefined
  /** Absolute; absent when original. */
  readonly folder?: string | undefined
  /** Names; empty: all of the point. */
  readonly disks: readonly string[]
  readonly name?: string | undefined
  readonly format?: RestoreFormat | undefined
  readonly machine: MachineRequest
  /** A partition or logical volume alone; `disks` are those it lies on. */
  readonly part?: VolumeLayout | undefined
}

export interface RestorePlan {
  readonly point: PointView
  readonly host: RestoreHost
  /** Plain bytes that travel. */
  readonly bytes: number
  /** At the rate of the last recoveries; null before the first. */
  readonly seconds: number | null
  /** Where to, in words. */
  readonly target: string
  readonly files: readonly string[]
  readonly warnings: readonly string[]
  /** Files of a data source that are replaced. */
  readonly overwrites: readonly string[]
  readonly disks: readonly string[]
  readonly name: string
  readonly format: RestoreFormat
  /** By name of disk, where a whole VM is restored. */
  readonly formats: Readonly<Record<string, RestoreFormat>> | undefined
  readonly machine: WholeMachine | undefined
  readonly part: VolumeLayout | undefined
  /** What a restored VM has that its source has not. */
  readonly changes: readonly string[]
}

/**
 * Everything about a restore that can be known here before a byte moves; the agent looks again at
 * what only it can see. Throws what would make the restore impossible.
 */
export async function planRestore(q: Queryable, wish: RestoreWish): Promise<RestorePlan> {
  const point = await getPoint(q, wish.point)
  const version = requireReadable(point)
  const origin = await readRestoreOrigin(q, point.dataSource)
  if (!origin) throw new Error(`point ${point.id} has no data source`)
  const stored = await readVersionConfiguration(q, version)
  const machine = wish.part ? undefined : wholeMachine(origin, stored, wish)
  if (!machine) refuseMachineWishes(wish)
  const chosen = chooseDisks(point, await readVersionDisks(q, version), wish.disks)
  const disks = disksOfMachine(machine, chosen)
  const host = await requireHost(q, wish, origin)
  const format = wish.format ?? usualFormat(disks[0]?.format ?? 'raw')
  const formats = machine && formatsOfMachine(machine, disks, wish.format)
  if (wish.part) requirePart(host)
  const place = wish.original
    ? await originalPlace(q, point, origin, disksOnPlace(machine, disks), wish.part)
    : await alternatePlace(q, wish, origin, host, {
        disks: wish.part ? [partAsDisk(wish.part, disks)] : disks,
        formatOf: (name) => formats?.[name] ?? format,
      })
  const machineWarnings = machine ? checkMachineHost(machine, host, wish.original) : []
  const allocated = await bytesOf(q, version, disks)
  const bytes = Math.min(allocated, wish.part?.sizeBytes ?? Infinity)
  const rate = await recoveryRate(q)
  return {
    ...{ point, host, bytes, format, ...place },
    seconds: rate === null || rate <= 0 ? null : Math.ceil(bytes / rate),
    part: wish.part,
    ...{ formats, machine, changes: machine ? changesOf(machine, wish, place, disks) : [] },
    warnings: [...warningsOf(point, host), ...place.warnings, ...machineWarnings],
    disks: disks.map((disk) => disk.name),
  }
}

/** The agent knows where companions lie: it has the configuration. */
function disksOnPlace(
  machine: WholeMachine | undefined,
  disks: readonly VersionDiskRow[],
): VersionDiskRow[] {
  const companions = machine?.configuration.companions ?? []
  return disks.filter(({ name }) => !companions.some((one) => one.name === name))
}

function changesOf(
  machine: WholeMachine,
  { original, folder = '' }: RestoreWish,
  { name, files }: Place,
  disks: readonly VersionDiskRow[],
): readonly string[] {
  if (original) return []
  const byDisk = new Map(disks.map((disk, at) => [disk.name, files[at] ?? '']))
  return machineChanges(machine, { name, folder: folder.replace(/\/+$/, ''), files: byDisk })
}

function refuseMachineWishes({ machine }: RestoreWish): void {
  const { networks, cpus, memoryBytes, start, discardMemory, keepsIdentity } = machine
  const isAsked =
    networks.length > 0 || cpus !== undefined || memoryBytes !== undefined || start === true
  if (!isAsked && !discardMemory && !keepsIdentity) return
  throw new HoldfastError('invalid-argument', 'that goes with a whole virtual machine only', {
    hint: 'Without --identity, --network, --cpus, --memory-size, --start and --discard-memory its disks are restored.',
  })
}

function requireReadable(point: PointView): number {
  if (point.state === 'deleted' || point.version === null)
    throw new HoldfastError('not-found', `recovery point ${point.id} is deleted`, {
      hint: '`holdfast point undelete` brings it back for 72 hours.',
    })
  return point.version
}

function chooseDisks(
  point: PointView,
  all: readonly VersionDiskRow[],
  names: readonly string[],
): VersionDiskRow[] {
  const unknown = names.find((name) => !all.some((disk) => disk.name === name))
  if (unknown !== undefined)
    throw new HoldfastError('not-found', `recovery point ${point.id} has no disk ${unknown}`, {
      hint: `It has ${all.map((disk) => disk.name).join(', ')}.`,
    })
  return names.length === 0 ? [...all] : all.filter((disk) => names.includes(disk.name))
}

async function requireHost(
  q: Queryable,
  wish: RestoreWish,
  origin: RestoreOrigin,
): Promise<RestoreHost> {
  const host = await readRestoreHost(q, wish.toHost ?? origin.hostId)
  if (!host) throw new HoldfastError('not-found', `there is no host ${wish.toHost ?? ''}`)
  if (host.state === 'revoked')
    throw new HoldfastError('host-revoked', `host ${host.name} is revoked`, {
      hint: 'Restore to another host, or enrol this one again.',
    })
  return host
}

interface Place {
  readonly target: string
  readonly files: readonly string[]
  readonly overwrites: readonly string[]
  readonly warnings: readonly string[]
  readonly name: string
}

async function originalPlace(
  q: Queryable,
  point: PointView,
  origin: RestoreOrigin,
  disks: readonly VersionDiskRow[],
  part: VolumeLayout | undefined,
): Promise<Place> {
  if (origin.kind === 'derived')
    throw new HoldfastError('target-refused', `${point.source} has no original location`, {
      hint: 'It was derived from another point: restore it with --to HOST --path DIR.',
    })
  const places = new Map(
    (
      await readDiskPlaces(
        q,
        disks.map((d) => d.disk),
      )
    ).map((p) => [p.id, p]),
  )
  const missing = disks.find((disk) => !places.get(disk.disk)?.path)
  if (missing)
    throw new HoldfastError(
      'source-missing',
      `${point.source} no longer has disk ${missing.name}: its place is not known`,
      { hint: 'Restore to another place with --to HOST --path DIR.' },
    )
  const files = disks.map((disk) => places.get(disk.disk)?.path ?? '')
  const resized = disks.filter((disk) => {
    const now = places.get(disk.disk)?.sizeBytes ?? 0
    return !part && now !== 0 && now !== disk.sizeBytes
  })
  const warnings = [
    ...(origin.present ? [] : [`${point.source} is not offered by its host at the moment`]),
    ...(part ? [`nothing but ${partInWords(part)} of it is written`] : []),
    ...resized.map((disk) => `disk ${disk.name} gets its former size of ${disk.sizeBytes} bytes`),
  ]
  const whole = `original location of ${point.source}`
  const target = part ? `${partInWords(part)} at the ${whole}` : whole
  return { target, files, overwrites: origin.present ? files : [], warnings, name: '' }
}

async function alternatePlace(
  q: Queryable,
  wish: RestoreWish,
  origin: RestoreOrigin,
  host: RestoreHost,
  what: {
    readonly disks: readonly VersionDiskRow[]
    readonly formatOf: (disk: string) => RestoreFormat
  },
): Promise<Place> {
  const { disks, formatOf } = what
  for (const disk of disks) requireHolds(formatOf(disk.name), disk.name, disk.sizeBytes)
  const folder = wish.folder ?? ''
  const name = wish.name ?? `${defaultName(origin.name)}${partSuffix(wish.part)}`
  const files = disks.map((disk) => {
    const only = disks.length === 1 ? undefined : disk.name
    const file = restoredFileName(name, only, formatOf(disk.name))
    return `${folder.replace(/\/+$/, '')}/${file}`
  })
  const warnings = checkTarget(host, folder, name, files)
  const [taken] = await offeredPaths(q, host.id, files)
  if (taken !== undefined)
    throw new HoldfastError('target-exists', `${host.name} has a data source at ${taken}`, {
      hint: 'Choose another --name or --path; --original replaces a data source.',
    })
  const rounded = disks
    .map((disk) => ({ disk, size: sizeInFormat(formatOf(disk.name), disk.sizeBytes) }))
    .filter(({ disk, size }) => size !== disk.sizeBytes)
    .map(
      ({ disk, size }) =>
        `disk ${disk.name}: ${formatOf(disk.name)} counts in sectors of 512 bytes, so ${disk.sizeBytes} bytes become ${size}`,
    )
  const target = `${host.name}:${folder}`
  return { target, files, overwrites: [], warnings: [...warnings, ...rounded], name }
}

/** The last part of the data source's name, without the ending of an image. */
function defaultName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1).replaceAll(':', '-')
  return last.replace(/\.(raw|img|qcow2|vhd|vhdx|vmdk)$/i, '') || last
}

async function bytesOf(
  q: Queryable,
  version: number,
  disks: readonly VersionDiskRow[],
): Promise<number> {
  let bytes = 0
  for (const disk of disks) bytes += await allocatedBytes(q, disk, version)
  return bytes
}

function warningsOf(point: PointView, host: RestoreHost): string[] {
  const states: Record<string, string> = {
    partial: 'some ranges of the source could not be read when the point was made',
    suspect: 'the point is suspect: change tracking was found wrong since',
    damaged: 'the point is damaged: a restore stops at the first chunk that is unlike its digest',
  }
  const state = states[point.state]
  return [
    ...(state === undefined ? [] : [state]),
    ...(host.state === 'online'
      ? []
      : [`host ${host.name} is ${host.state}: the job waits for it`]),
  ]
}

import type { Job } from '../api/documents.ts'
import { addressesOf } from '../shown/addresses.ts'

/** What somebody asks of a restore, as the form has it: text where numbers may be empty. */
export interface Wish {
  readonly original: boolean
  readonly toHost: string
  readonly path: string
  readonly name: string
  readonly format: string
  /** None: all. */
  readonly disks: readonly string[]
  readonly partition: string
  readonly preallocate: boolean
  readonly evenIfOpen: boolean
  readonly noSafetyPoint: boolean
  /** MiB per second. */
  readonly rate: string
  /** Mail addresses, with commas between them. */
  readonly notify: string
  /** Of a whole VM. */
  readonly identity: '' | 'keep' | 'new'
  readonly cpus: string
  /** MiB. */
  readonly memory: string
  readonly start: '' | 'yes' | 'no'
  /** `FROM=TO`, with commas between them. */
  readonly networks: string
  /** Only of a restore that is run again: the form has no fields for these. */
  readonly kept: Kept
}

export interface Kept {
  readonly discardMemory: boolean
  readonly rateHours: readonly string[]
  readonly timeZone: string
}

export const NO_WISH: Wish = {
  ...{ original: false, toHost: '', path: '', name: '', format: '', disks: [], partition: '' },
  ...{ preallocate: false, evenIfOpen: false, noSafetyPoint: false, rate: '', notify: '' },
  ...{ identity: '', cpus: '', memory: '', start: '', networks: '' },
  kept: { discardMemory: false, rateHours: [], timeZone: '' },
}

const MIB = 1024 * 1024

/** What was left empty is not asked for: the server knows better. */
export function requestOf(point: string, wish: Wish): object {
  const { original, toHost, path, name, format, disks, partition, rate } = wish
  const place = original ? { original } : { toHost, path, name, format }
  const machine = machineOf(wish)
  return {
    point,
    ...given({ ...place, partition }),
    ...(disks.length > 0 ? { disks } : {}),
    ...chosen({ preallocate: wish.preallocate, evenIfOpen: wish.evenIfOpen }),
    ...chosen({ noSafetyPoint: wish.noSafetyPoint }),
    ...(rate === '' ? {} : { bytesPerSecond: Math.round(Number(rate) * MIB) }),
    ...(wish.notify === '' ? {} : { notify: addressesOf(wish.notify) }),
    ...(Object.keys(machine).length > 0 ? { machine } : {}),
    ...(wish.kept.rateHours.length > 0 ? hoursOf(wish.kept) : {}),
  }
}

function hoursOf({ rateHours, timeZone }: Kept): object {
  return { rateHours, ...given({ timeZone }) }
}

/** What a job was asked, as the form has it. */
export function wishOf(asked: NonNullable<Job['restoreRequest']>): Wish {
  const { original, disks, preallocate, evenIfOpen, bytesPerSecond, notify, machine } = asked
  const { identity, cpus, memoryBytes, start, networks = [] } = machine ?? {}
  return {
    ...{ original, disks, preallocate, evenIfOpen },
    noSafetyPoint: asked.noSafetyPoint ?? false,
    ...{ toHost: asked.toHost ?? '', path: asked.path ?? '', name: asked.name ?? '' },
    ...{ format: asked.format ?? '', partition: asked.partition ?? '' },
    rate: bytesPerSecond > 0 ? String(bytesPerSecond / MIB) : '',
    notify: notify.join(', '),
    identity: identity === 'keep' || identity === 'new' ? identity : '',
    cpus: String(cpus ?? ''),
    memory: memoryBytes ? String(memoryBytes / MIB) : '',
    start: typeof start === 'boolean' ? (start ? 'yes' : 'no') : '',
    networks: networks.map(({ from, to }) => `${from}=${to}`).join(', '),
    kept: {
      discardMemory: machine?.discardMemory ?? false,
      ...{ rateHours: asked.rateHours, timeZone: asked.timeZone ?? '' },
    },
  }
}

function machineOf({ identity, cpus, memory, start, networks, kept }: Wish): object {
  const changes = networks
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [from = '', to = ''] = one.split('=')
      return { from: from.trim(), to: to.trim() }
    })
  return {
    ...given({ identity }),
    ...(cpus === '' ? {} : { cpus: Number(cpus) }),
    ...(memory === '' ? {} : { memoryBytes: Number(memory) * MIB }),
    ...(start === '' ? {} : { start: start === 'yes' }),
    ...(changes.length === 0 ? {} : { networks: changes }),
    ...chosen({ discardMemory: kept.discardMemory }),
  }
}

function given(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}

function chosen(fields: Readonly<Record<string, boolean>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, isChosen]) => isChosen))
}

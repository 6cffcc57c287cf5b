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
}

export const NO_WISH: Wish = {
  ...{ original: false, toHost: '', path: '', name: '', format: '', disks: [], partition: '' },
  ...{ preallocate: false, evenIfOpen: false, noSafetyPoint: false, rate: '', notify: '' },
  ...{ identity: '', cpus: '', memory: '', start: '', networks: '' },
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
  }
}

function machineOf({ identity, cpus, memory, start, networks }: Wish): object {
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
  }
}

function given(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}

function chosen(fields: Readonly<Record<string, boolean>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, isChosen]) => isChosen))
}

import { basename } from 'node:path'
import { mapPaths } from './map-paths.ts'
import { driverOf, formatOptions, parseOptions, valueOf, withValue } from './option-list.ts'
import { rewriteNetworks, type NetworkChange } from './rewrite-networks.ts'

/** What a restored VM has that its source has not. */
export interface CommandWish {
  readonly name: string
  readonly uuid: string
  /** Folder of its own files: sockets, console, process id. */
  readonly folder: string
  /** Files of the source by what they are for the restored VM. */
  readonly paths: ReadonlyMap<string, string>
  /** Resolved: an alias means another machine on another host. */
  readonly machineType: string | undefined
  readonly cpus: number | undefined
  readonly memoryBytes: number | undefined
  readonly networks: readonly NetworkChange[]
  /** A new address for each network card, or undefined to keep them. */
  readonly newMac: (() => string) | undefined
}

export interface RewrittenCommand {
  readonly words: readonly string[]
  /** Every change, for the person who restores. */
  readonly changes: readonly string[]
}

/** Options whose files are written while it runs: two VMs must not share one. */
const OWN_FILES = new Set([
  '-serial',
  '-chardev',
  '-pidfile',
  '-monitor',
  '-qmp',
  '-qmp-pretty',
  '-D',
])

/** The command of a restored VM out of its source's. Option by option: what it does not know stays. */
export function rewriteCommand(words: readonly string[], wish: CommandWish): RewrittenCommand {
  const changes: string[] = []
  const note = (what: string, from: string | undefined, to: string) => {
    if (from !== to)
      changes.push(from === undefined ? `${what}: ${to}` : `${what}: ${from} became ${to}`)
  }
  const rewritten = [...words]
  for (let at = 1; at < rewritten.length; at++) {
    const option = rewritten[at - 1] ?? ''
    rewritten[at] = rewriteValue(option, rewritten[at] ?? '', wish, note)
  }
  setOption(rewritten, '-uuid', wish.uuid, note)
  if (wish.cpus !== undefined) setOption(rewritten, '-smp', String(wish.cpus), note)
  if (wish.memoryBytes !== undefined)
    setOption(rewritten, '-m', `${Math.ceil(wish.memoryBytes / 2 ** 20)}M`, note)
  const networks = rewriteNetworks(rewritten, wish)
  return { words: networks.words, changes: [...changes, ...networks.changes] }
}

type Note = (what: string, from: string | undefined, to: string) => void

function rewriteValue(option: string, value: string, wish: CommandWish, note: Note): string {
  if (option === '-name') return rewriteName(value, wish, note)
  if (option === '-machine' || option === '-M') return rewriteMachine(value, wish, note)
  return mapPaths(value, (path) => {
    const mapped = wish.paths.get(path) ?? ownFile(option, path, wish)
    if (mapped !== undefined) note('file', path, mapped)
    return mapped
  })
}

/** Its own socket or log: beside its disks, under its own name. */
function ownFile(option: string, path: string, { folder, name }: CommandWish): string | undefined {
  if (!OWN_FILES.has(option) || path.startsWith('/dev/')) return undefined
  const file = basename(path)
  return `${folder}/${file.startsWith(`${name}.`) ? file : `${name}.${file.replace(/^[^.]*\.(?=.)/, '')}`}`
}

function rewriteName(value: string, { name }: CommandWish, note: Note): string {
  const options = parseOptions(value)
  const key = valueOf(options, 'guest') === undefined ? undefined : 'guest'
  const old = key === undefined ? driverOf(options) : valueOf(options, key)
  note('name', old, name)
  if (key !== undefined) return formatOptions(withValue(options, key, name), value)
  return formatOptions([{ key: name, value: undefined }, ...options.slice(1)], value)
}

function rewriteMachine(value: string, { machineType }: CommandWish, note: Note): string {
  if (machineType === undefined) return value
  const options = parseOptions(value)
  const old = valueOf(options, 'type') ?? driverOf(options)
  note('machine type', old, machineType)
  if (valueOf(options, 'type') !== undefined)
    return formatOptions(withValue(options, 'type', machineType), value)
  const rest = options[0]?.value === undefined ? options.slice(1) : options
  return formatOptions([{ key: machineType, value: undefined }, ...rest], value)
}

function setOption(words: string[], option: string, value: string, note: Note): void {
  const at = words.indexOf(option)
  const old = at < 0 ? undefined : words[at + 1]
  note(option.slice(1), old, value)
  if (at < 0) words.push(option, value)
  else words[at + 1] = value
}

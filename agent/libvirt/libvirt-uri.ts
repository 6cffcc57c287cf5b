import { homedir } from 'node:os'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'

export interface LibvirtPlace {
  /** The daemon's unix socket: the first that is there. */
  readonly sockets: readonly string[]
  /** What the daemon is asked to open. */
  readonly driver: string
  /** Where it keeps the state of emulated TPMs, by their VM's UUID. */
  readonly tpms: string
}

/**
 * `qemu:///system`, `qemu:///session`, either with `?socket=PATH` and `swtpm=FOLDER`. Only this machine's own: the disks
 * are read here. Throws invalid-argument.
 */
export function parseLibvirtUri(uri: string): LibvirtPlace {
  const [, transport, host, driver, query = ''] =
    /^qemu(\+\w+)?:\/\/([^/]*)\/(system|session)(\?.*)?$/.exec(uri) ?? []
  if (driver === undefined)
    throw wrong(
      uri,
      'is no address of libvirt that Holdfast knows',
      'It is qemu:///system, mostly.',
    )
  if (host !== '' || (transport !== undefined && transport !== '+unix'))
    throw wrong(uri, 'is another machine’s libvirt', 'Run an agent on that machine.')
  const given = new URLSearchParams(query)
  const socket = given.get('socket')
  const sockets = socket === null ? usualSockets(driver) : [socket]
  const tpms = given.get('swtpm') ?? usualTpms(driver)
  return { sockets, driver: `qemu:///${driver}`, tpms }
}

/** The daemon of QEMU alone, then the one that has all of libvirt. */
function usualSockets(driver: string): string[] {
  const folder = driver === 'system' ? '/run/libvirt' : `${sessionFolder()}/libvirt`
  return [`${folder}/virtqemud-sock`, `${folder}/libvirt-sock`]
}

function usualTpms(driver: string): string {
  if (driver === 'system') return '/var/lib/libvirt/swtpm'
  const settings = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
  return join(settings, 'libvirt', 'qemu', 'swtpm')
}

function sessionFolder(): string {
  return process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`
}

function wrong(uri: string, why: string, hint: string): HoldfastError {
  return new HoldfastError('invalid-argument', `${uri} ${why}`, { hint })
}

import { connect } from 'node:net'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { isQueueFull } from '../../core/runtime/queue-full.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { AgentChannel } from '../guest/agent-channel.ts'
import type { Monitors } from '../hypervisor/monitors.ts'
import { parseDomainAddress } from '../libvirt/domain-address.ts'
import { doesDomainRun, stopDomain } from './domain-control.ts'

export interface StoppableVm {
  readonly name: string
  readonly qmp: string
  readonly guestAgent?: string | undefined
}

export interface StopDeps {
  readonly monitors: Monitors
  readonly clock: Clock
}

/** For a guest to shut down by itself, before its plug is pulled. */
const SHUTDOWN_MS = 60_000
const GONE_MS = 20_000
const POLL_MS = 100
const ASK_MS = 3_000

/** Whether its monitor answers. Throws vm-busy when somebody else has it. */
export async function isVmRunning({ monitors }: StopDeps, vm: StoppableVm): Promise<boolean> {
  const domain = parseDomainAddress(vm.qmp)
  if (domain) return doesDomainRun(domain)
  try {
    await monitors.use(vm.qmp, async () => {})
    return true
  } catch (error) {
    if (toHoldfastError(error).code === 'vm-unreachable') return false
    throw error
  }
}

/**
 * Ends its process. `gently`: the guest may shut down first, because some of what it has not written
 * yet is kept; a VM whose disks are all replaced needs no such time.
 */
export async function stopVm(deps: StopDeps, vm: StoppableVm, gently: boolean): Promise<void> {
  const domain = parseDomainAddress(vm.qmp)
  if (domain) return stopDomain(domain, gently, deps.clock)
  if (gently && (await shutDown(deps, vm))) return
  await deps.monitors.use(vm.qmp, async (qmp) => {
    // The answer may get lost: the process ends with it.
    await qmp.execute('quit').catch(() => {})
  })
  if (await isGone(deps, vm.qmp, GONE_MS)) return
  throw new HoldfastError('target-in-use', `the VM ${vm.name} does not end`, {
    hint: 'End its QEMU process, then restore again.',
  })
}

async function shutDown(
  deps: StopDeps,
  { guestAgent, qmp: socket }: StoppableVm,
): Promise<boolean> {
  if (guestAgent !== undefined) await askGuest(guestAgent).catch(() => {})
  else await deps.monitors.use(socket, (qmp) => qmp.execute('system_powerdown')).catch(() => {})
  return isGone(deps, socket, SHUTDOWN_MS)
}

async function askGuest(path: string): Promise<void> {
  const channel = await AgentChannel.open(path, systemRandom)
  try {
    await channel.call('guest-shutdown', { mode: 'powerdown' }, ASK_MS) // does not answer when it works
  } finally {
    channel.close()
  }
}

async function isGone({ clock }: StopDeps, socket: string, withinMs: number): Promise<boolean> {
  const end = clock.monotonic() + withinMs
  while (clock.monotonic() < end) {
    if (!(await accepts(socket))) return true
    await clock.sleep(POLL_MS)
  }
  return false
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', (error) => end(isQueueFull(error)))
  })
}

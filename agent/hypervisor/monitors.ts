import { parseDomainAddress } from '../libvirt/domain-address.ts'
import { LibvirtMonitor } from './libvirt-monitor.ts'
import { QmpClient } from './qmp-client.ts'
import type { Qmp } from './qmp.ts'

interface Shared {
  readonly client: Promise<Qmp>
  users: number
}

export interface MonitorLease {
  readonly qmp: Qmp
  /** Closes the connection when nobody else in this agent uses it: then other tools may connect. */
  release(): Promise<void>
}

/** Connections to monitors, one a socket or domain: everything in this agent that talks to a VM shares it. */
export class Monitors {
  readonly #shared = new Map<string, Shared>()

  async lease(socket: string, signal?: AbortSignal): Promise<MonitorLease> {
    const known = this.#shared.get(socket)
    const shared = known && !(await hasEnded(known)) ? known : this.#open(socket, signal)
    shared.users++
    try {
      const qmp = await shared.client
      let isReleased = false
      const release = async () => {
        if (isReleased) return
        isReleased = true
        await this.#leave(socket, shared)
      }
      return { qmp, release }
    } catch (error) {
      await this.#leave(socket, shared)
      throw error
    }
  }

  async use<T>(socket: string, work: (qmp: Qmp) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const lease = await this.lease(socket, signal)
    try {
      return await work(lease.qmp)
    } finally {
      await lease.release()
    }
  }

  #open(socket: string, signal: AbortSignal | undefined): Shared {
    const shared = { client: connect(socket, signal), users: 0 }
    shared.client.catch(() => {}) // told to whoever leased it
    this.#shared.set(socket, shared)
    return shared
  }

  async #leave(socket: string, shared: Shared): Promise<void> {
    if (--shared.users > 0) return
    if (this.#shared.get(socket) === shared) this.#shared.delete(socket)
    const client = await shared.client.catch(() => undefined)
    await client?.close()
  }
}

function connect(address: string, signal: AbortSignal | undefined): Promise<Qmp> {
  const domain = parseDomainAddress(address)
  return domain ? LibvirtMonitor.open(domain) : QmpClient.connect(address, signal)
}

async function hasEnded({ client }: Shared): Promise<boolean> {
  return client.then(
    (one) => one.hasEnded,
    () => true,
  )
}

import { setTimeout as wait } from 'node:timers/promises'
import type { HoldfastError } from '../../core/model/error.ts'
import type { DomainAddress } from '../libvirt/domain-address.ts'
import { LibvirtConnection, type Domain } from '../libvirt/libvirt-connection.ts'
import { isDomainAbsent, isDomainOff } from '../libvirt/libvirt-refusal.ts'
import { QmpRefusal, unreachable, type AskOptions, type Qmp, type QmpEvent } from './qmp.ts'

/** For the daemon to come back. */
const RENEWAL_MS = 20_000
const AGAIN_MS = 500

interface Answer {
  readonly return?: unknown
  readonly error?: { readonly desc: string }
}

/**
 * The monitor of a VM that libvirt runs. libvirt has its socket; commands are passed on by it, one at
 * a time, beside its own.
 */
export class LibvirtMonitor implements Qmp {
  readonly #uri: string
  readonly #domain: Domain
  #connection: LibvirtConnection
  #renewal: Promise<LibvirtConnection> | undefined
  #commands: Promise<ReadonlySet<string>> | undefined
  readonly #listeners = new Set<(event: QmpEvent) => void>()
  #followed: LibvirtConnection | undefined
  #end: HoldfastError | undefined

  private constructor(uri: string, connection: LibvirtConnection, domain: Domain) {
    this.#uri = uri
    this.#connection = connection
    this.#domain = domain
  }

  /** Throws vm-unreachable; isMonitorAbsent says whether that is because the VM does not run. */
  static async open({ uri, uuid }: DomainAddress): Promise<LibvirtMonitor> {
    const connection = await LibvirtConnection.open(uri)
    try {
      const domain = await connection.domain(uuid)
      if (domain.id < 0) throw absent('it is off')
      return new LibvirtMonitor(uri, connection, domain)
    } catch (error) {
      await connection.close()
      throw isDomainAbsent(error) ? absent('libvirt has no such VM') : error
    }
  }

  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  async execute<T = unknown>(
    command: string,
    args: Readonly<Record<string, unknown>> = {},
    options: AskOptions = {},
  ): Promise<T> {
    if (this.#end) throw this.#end
    const json = JSON.stringify({ execute: command, arguments: args })
    const connection = await this.#connected()
    const text = await connection
      .monitorCommand(this.#domain, json, options)
      .catch((error: unknown) => {
        if (!isDomainOff(error) && !isDomainAbsent(error)) throw error
        this.#end = absent('it was shut down')
        throw this.#end
      })
    const answer = JSON.parse(text) as Answer
    if (answer.error) throw new QmpRefusal(command, answer.error.desc)
    return answer.return as T
  }

  commands(): Promise<ReadonlySet<string>> {
    this.#commands ??= this.execute<{ name: string }[]>('query-commands').then(
      (all) => new Set(all.map(({ name }) => name)),
    )
    return this.#commands
  }

  /** What QEMU tells while the daemon is away nobody hears. */
  async onEvent(listener: (event: QmpEvent) => void): Promise<() => void> {
    this.#listeners.add(listener)
    await this.#follow(await this.#connected())
    return () => this.#listeners.delete(listener)
  }

  /** libvirt takes such a wish once a connection. */
  async #follow(connection: LibvirtConnection): Promise<void> {
    if (this.#followed === connection) return
    this.#followed = connection
    const heard = (event: string, json: string) => {
      const data = JSON.parse(json) as QmpEvent['data']
      for (const listener of this.#listeners) listener({ event, data })
    }
    await connection.followMonitor(this.#domain, heard).catch((error: unknown) => {
      this.#followed = undefined
      throw error
    })
  }

  /**
   * The daemon may be started anew at any time, and its VMs go on: so do we, as long as it is the
   * same run of the same VM. What was asked of it just then has failed.
   */
  async #connected(): Promise<LibvirtConnection> {
    if (!this.#connection.hasEnded) return this.#connection
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #renew(): Promise<LibvirtConnection> {
    const end = performance.now() + RENEWAL_MS
    for (;;)
      try {
        const connection = await LibvirtConnection.open(this.#uri)
        this.#connection = connection
        const { id } = await connection.domain(this.#domain.uuid)
        if (id === this.#domain.id) {
          if (this.#listeners.size > 0) await this.#follow(connection)
          return connection
        }
        this.#end = absent('it was started anew')
        throw this.#end
      } catch (error) {
        if (this.#end !== undefined || performance.now() > end) throw error
        await wait(AGAIN_MS)
      }
  }

  async close(): Promise<void> {
    this.#end ??= unreachable('the connection was closed by us')
    await this.#connection.close()
  }
}

function absent(why: string): HoldfastError {
  return unreachable(why, true, 'It is protected as it is, off, too.')
}

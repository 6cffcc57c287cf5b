import type { HoldfastError } from '../../core/model/error.ts'
import type { DomainAddress } from '../libvirt/domain-address.ts'
import { LibvirtConnection, type Domain } from '../libvirt/libvirt-connection.ts'
import { isDomainAbsent, isDomainOff } from '../libvirt/libvirt-refusal.ts'
import { QmpRefusal, unreachable, type AskOptions, type Qmp } from './qmp.ts'

interface Answer {
  readonly return?: unknown
  readonly error?: { readonly desc: string }
}

/**
 * The monitor of a VM that libvirt runs. libvirt has its socket; commands are passed on by it, one at
 * a time, beside its own.
 */
export class LibvirtMonitor implements Qmp {
  readonly #connection: LibvirtConnection
  readonly #domain: Domain
  #commands: Promise<ReadonlySet<string>> | undefined
  #end: HoldfastError | undefined

  private constructor(connection: LibvirtConnection, domain: Domain) {
    this.#connection = connection
    this.#domain = domain
  }

  /** Throws vm-unreachable; isMonitorAbsent says whether that is because the VM does not run. */
  static async open({ uri, uuid }: DomainAddress): Promise<LibvirtMonitor> {
    const connection = await LibvirtConnection.open(uri)
    try {
      const domain = await connection.domain(uuid)
      if (domain.id < 0) throw absent('it is off')
      return new LibvirtMonitor(connection, domain)
    } catch (error) {
      await connection.close()
      throw isDomainAbsent(error) ? absent('libvirt has no such VM') : error
    }
  }

  get hasEnded(): boolean {
    return this.#end !== undefined || this.#connection.hasEnded
  }

  async execute<T = unknown>(
    command: string,
    args: Readonly<Record<string, unknown>> = {},
    options: AskOptions = {},
  ): Promise<T> {
    if (this.#end) throw this.#end
    const json = JSON.stringify({ execute: command, arguments: args })
    const text = await this.#connection
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

  async close(): Promise<void> {
    this.#end ??= unreachable('the connection was closed by us')
    await this.#connection.close()
  }
}

function absent(why: string): HoldfastError {
  return unreachable(why, true, 'It is protected as it is, off, too.')
}

import type { DomainAddress } from '../libvirt/domain-address.ts'
import { LibvirtConnection, type Domain } from '../libvirt/libvirt-connection.ts'
import { LibvirtRefusal } from '../libvirt/libvirt-refusal.ts'
import type { GuestAgent } from './guest-agent.ts'
import { GuestFailure, toGuestFailure } from './guest-failure.ts'

/** Numbers of libvirt's. */
const ARGUMENT_UNSUPPORTED = 74
const AGENT_UNRESPONSIVE = 86
/** libvirt asks nothing of a guest agent that is still busy: as long it is asked again. */
const BUSY_MS = 20_000
const AGAIN_MS = 200
/** Above libvirt's own deadline. */
const GRACE_MS = 1_000

/** A guest agent whose channel libvirt has: it is asked through libvirt, which synchronizes each call. */
export class LibvirtAgent implements GuestAgent {
  readonly #connection: LibvirtConnection
  readonly #domain: Domain

  private constructor(connection: LibvirtConnection, domain: Domain) {
    this.#connection = connection
    this.#domain = domain
  }

  static async open({ uri, uuid }: DomainAddress): Promise<LibvirtAgent> {
    const connection = await LibvirtConnection.open(uri).catch((error: unknown) => {
      throw toGuestFailure(error)
    })
    try {
      return new LibvirtAgent(connection, await connection.domain(uuid))
    } catch (error) {
      await connection.close()
      throw failure('guest-ping', error)
    }
  }

  async call(command: string, parameters: object, deadlineMs: number): Promise<unknown> {
    const json = JSON.stringify({ execute: command, arguments: parameters })
    const seconds = Math.max(1, Math.floor(deadlineMs / 1000))
    const timeoutMs = deadlineMs + GRACE_MS
    const text = await this.#connection
      .agentCommand(this.#domain, json, seconds, { timeoutMs })
      .catch((error: unknown) => {
        throw failure(command, error)
      })
    const answer = JSON.parse(text) as { return?: unknown; error?: { desc?: string } }
    if (answer.error) throw refused(command, answer.error.desc ?? '')
    return answer.return
  }

  async callAfterAll(command: string, deadlineMs: number): Promise<unknown> {
    const end = performance.now() + Math.max(deadlineMs, BUSY_MS)
    for (;;)
      try {
        return await this.call(command, {}, deadlineMs)
      } catch (error) {
        if (toGuestFailure(error).reason !== 'not-responding' || performance.now() > end)
          throw error
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
  }

  close(): void {
    void this.#connection.close()
  }
}

function failure(command: string, error: unknown): GuestFailure {
  if (!(error instanceof LibvirtRefusal)) return toGuestFailure(error)
  const { number, said } = error
  if (number === ARGUMENT_UNSUPPORTED || /not connected|not configured/i.test(said))
    return new GuestFailure('not-installed', `no guest agent runs in the guest: ${said}`, error)
  if (number === AGENT_UNRESPONSIVE || error.code === 'vm-busy')
    return new GuestFailure('not-responding', `the guest agent does not respond: ${said}`, error)
  return refused(command, said)
}

function refused(command: string, said: string): GuestFailure {
  return /disabled|not been found|CommandNotFound/i.test(said)
    ? new GuestFailure('disabled', `the guest agent does not allow ${command}: ${said}`)
    : new GuestFailure('refused', `the guest refused ${command}: ${said}`)
}

import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Work } from '../../core/wire/generated/holdfast/v1/Work.ts'
import { untilAborted } from '../../core/wire/stream.ts'
import type { Database } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import { claimSession, isHeldElsewhere, releaseSession } from '../catalog/hosts.ts'
import type { AgentCaller } from './agent-handlers.ts'
import { WorkQueue } from './work-queue.ts'

export interface FeedsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  /** How often an agent hears of the server, and the catalog of the agent. Default 10 s. */
  readonly keepaliveMs?: number
}

export type FeedListener = (hostId: string) => void

const KEEPALIVE_MS = 10_000

interface Feed {
  readonly session: string
  readonly queue: WorkQueue
  readonly end: AbortController
}

/** The agents that are connected to this server process, and the work that goes out to them. */
export class Feeds {
  readonly #options: FeedsOptions
  readonly #feeds = new Map<string, Feed>()
  readonly #connected = new Set<FeedListener>()
  readonly #disconnected = new Set<FeedListener>()
  readonly #refused = new Map<string, string>()

  constructor(options: FeedsOptions) {
    this.#options = options
  }

  /** False when the agent is not connected here, or does not take what it is sent. */
  send(hostId: string, work: Work): boolean {
    return this.#feeds.get(hostId)?.queue.put(work) ?? false
  }

  online(hostId: string): boolean {
    return this.#feeds.has(hostId)
  }

  hosts(): readonly string[] {
    return [...this.#feeds.keys()]
  }

  /** Called when the agent can be sent work. */
  onConnect(listener: FeedListener): void {
    this.#connected.add(listener)
  }

  onDisconnect(listener: FeedListener): void {
    this.#disconnected.add(listener)
  }

  /** Throws 'identity-in-use' when another agent process with this identity is alive. */
  async requireFree(caller: AgentCaller, session: string): Promise<void> {
    const here = this.#feeds.get(caller.hostId)
    const taken = here
      ? here.session !== session
      : await isHeldElsewhere(this.#options.database, caller.hostId, session)
    if (taken) throw await this.#inUse(caller, session)
  }

  /** One agent's feed, until it or the server ends. */
  async *open(caller: AgentCaller, session: string): AsyncGenerator<Work, void, undefined> {
    const feed = await this.#enter(caller, session)
    const signal = AbortSignal.any([caller.signal, feed.end.signal])
    try {
      for (;;) {
        yield { keepalive: {} }
        yield* this.#work(feed, signal)
        await this.#heardOf(caller, session)
      }
    } finally {
      await this.#leave(caller.hostId, feed)
    }
  }

  /** What there is to send, until it is time for a keepalive. */
  async *#work(feed: Feed, signal: AbortSignal): AsyncGenerator<Work, void, undefined> {
    const { clock, keepaliveMs = KEEPALIVE_MS } = this.#options
    const until = clock.monotonic() + keepaliveMs
    for (;;) {
      const wait = until - clock.monotonic()
      const work = wait > 0 ? await untilAborted(feed.queue.take(clock, wait), signal) : undefined
      if (work === undefined) return
      yield work
    }
  }

  async #enter(caller: AgentCaller, session: string): Promise<Feed> {
    await this.requireFree(caller, session)
    if (!(await claimSession(this.#options.database, caller.hostId, session)))
      throw await this.#inUse(caller, session)
    const feed = { session, queue: new WorkQueue(), end: new AbortController() }
    // The same process again: its old connection is dead, only nobody noticed yet.
    this.#feeds.get(caller.hostId)?.end.abort(new HoldfastError('job-interrupted', 'reconnected'))
    this.#feeds.set(caller.hostId, feed)
    this.#options.log.info('agent connected', { host: caller.hostName })
    for (const listener of this.#connected) listener(caller.hostId)
    return feed
  }

  async #leave(hostId: string, feed: Feed): Promise<void> {
    if (this.#feeds.get(hostId) !== feed) return
    this.#feeds.delete(hostId)
    this.#options.log.info('agent disconnected', { host: hostId })
    for (const listener of this.#disconnected) listener(hostId)
    await this.#tolerant(releaseSession(this.#options.database, hostId, feed.session))
  }

  async #heardOf(caller: AgentCaller, session: string): Promise<void> {
    const claim = claimSession(this.#options.database, caller.hostId, session)
    if ((await this.#tolerant(claim)) === false) throw await this.#inUse(caller, session)
  }

  /** A database that is away for a while is no reason to lose the agents. */
  async #tolerant<T>(statement: Promise<T>): Promise<T | undefined> {
    try {
      return await statement
    } catch (error) {
      this.#options.log.warn('cannot write down who is connected', { error })
      return undefined
    }
  }

  async #inUse(caller: AgentCaller, session: string): Promise<HoldfastError> {
    const { hostId, hostName } = caller
    const message = `another agent runs with the identity of host ${hostName}`
    // Told once for each process: it will try again and again.
    if (this.#refused.get(hostId) !== session) {
      this.#refused.set(hostId, session)
      const event = { kind: 'identity-in-use', about: hostId, message }
      await this.#tolerant(recordEvent(this.#options.database, event))
    }
    return new HoldfastError('identity-in-use', message, {
      hint: 'stop one of them; a copied machine needs an enrolment of its own',
    })
  }
}

import type { Database } from '../catalog/database.ts'
import type { Dispatcher } from './dispatcher.ts'

/** Tells a process of an agent that came back from a new one, which runs none of its old jobs. */
export class AgentSessions {
  readonly #database: Database
  readonly #dispatcher: Dispatcher
  readonly #sessions = new Map<string, string>()

  constructor(database: Database, dispatcher: Dispatcher) {
    this.#database = database
    this.#dispatcher = dispatcher
  }

  async connected(host: string): Promise<void> {
    const [row] = await this.#database.query<{ session: string | null }>(
      `SELECT session FROM host WHERE id = $1`,
      [host],
    )
    const session = row?.session ?? ''
    const isNew = this.#sessions.get(host) !== session
    this.#sessions.set(host, session)
    await this.#dispatcher.agentConnected(host, isNew)
  }
}

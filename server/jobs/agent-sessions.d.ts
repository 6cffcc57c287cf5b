import type { Database } from '../catalog/database.ts'
import type { Dispatcher } from './dispatcher.ts'
/** Tells a process of an agent that came back from a new one, which runs none of its old jobs. */
export declare class AgentSessions {
  #private
  constructor(database: Database, dispatcher: Dispatcher)
  connected(host: string): Promise<void>
}

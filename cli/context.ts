import type { Clock } from '../core/runtime/clock.ts'
import type { Terminal } from './terminal.ts'

/** All that a command may touch besides the server and what it was asked to write. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly terminal: Terminal
  /** Says what the process is to end with. */
  end(status: number): void
}

import type { HoldfastError } from '../core/model/error.ts'

/** What a command ended with, for scripts and for people alike. */
export interface Outcome {
  /** The one JSON document. Undefined where a long-running command has printed its own. */
  readonly document: unknown
  /** For standard output without `--json`. */
  readonly text: string
  /** Shown on standard error; any of them makes the exit status 1. */
  readonly failures?: readonly HoldfastError[]
  /** Said on standard error; the exit status stays. */
  readonly warnings?: readonly string[]
  /** The answer itself is a "no" (`status --strict`, `verify`): exit status 1 without an error. */
  readonly negative?: boolean
}

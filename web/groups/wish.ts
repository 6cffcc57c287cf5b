import type { GroupSettings } from '../api/documents.ts'

/** What the wizard gathers; nothing is changed before its last step. */
export interface Wish {
  readonly name: string
  readonly settings: GroupSettings
  /** Data sources that were named; rules may bring in more. */
  readonly members: readonly string[]
}

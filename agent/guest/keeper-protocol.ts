import type { FreezeHooks } from './freeze-hooks.ts'
import type { GuestFailureReason } from './guest-failure.ts'

/** Between the agent and the process that keeps one freeze, over its IPC channel. */
export type ToKeeper = 'freeze' | 'thaw'

export type FromKeeper =
  | { readonly frozen: KeptFrozen }
  | { readonly thawed: { readonly fileSystems: number; readonly early: string | undefined } }
  | { readonly failed: { readonly reason: GuestFailureReason; readonly message: string } }

export interface KeptFrozen {
  readonly fileSystems: number
  readonly hooks: FreezeHooks
  /** Until the keeper thaws by itself. */
  readonly leftMs: number
}
